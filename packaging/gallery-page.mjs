/**
 * A page of Markdown without what leads nowhere outside of this project: relative links become their text, those that are a line by
 * themselves go, and so do relative pictures. For packages that know of no public repository; where there is one, the packager makes such
 * addresses absolute instead.
 */
export function withoutRelativeLinks(markdown) {
  return markdown
    .replaceAll(/<(img|source)\b[^>]*\bsrc(?:set)?="(?!https?:)[^>]*>/g, '')
    .replaceAll(/!\[[^\]]*\]\((?!https?:)[^)]*\)/g, '')
    .replaceAll(/^\[[^\]]*\]\((?!https?:|mailto:|#)[^)]*\)$/gm, '')
    .replaceAll(/\[([^\]]*)\]\((?!https?:|mailto:|#)[^)]*\)/g, '$1')
    .replaceAll(/\n{3,}/g, '\n\n');
}
