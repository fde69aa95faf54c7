declare const LINGMA_PROXY_VERSION: string | undefined;

/** The contents of the VERSION file, put in by the build; `development` when run from source. */
export const version = typeof LINGMA_PROXY_VERSION === 'string' ? LINGMA_PROXY_VERSION : 'development';
