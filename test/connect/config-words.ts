/** Keys that clients' files hold and this program writes, so that made-up files and changes often meet. */
export const configKeys = [
  ...['env', 'ANTHROPIC_BASE_URL', 'ANTHROPIC_API_KEY', 'NO_PROXY'],
  ...['model', 'models', 'provider', 'providers', 'lingma', 'openai'],
  ...['modelProviders', 'model_provider', 'model_providers', 'profile', 'security', 'auth'],
  ...['agents', 'defaults', 'default', 'name', 'base_url'],
];

/** Values that they hold. */
export const configValues = ['lingma', 'custom:lingma', 'kmodel'];
