/** A name that says that its value is secret, then the value; between a list entry's `name` and `value`, more stands. */
const named =
  /((?:key|token|secret|password|authorization)["']?(?:\s*[:=]\s*|,\s*[+\- ]*["']?value["']?\s*:\s*))(["']?)(?:Bearer )?([^\s"',}]{8,})/gi;
const recognisable =
  /\b(?:sk|pk|gh[opsu]|xox[abp]|github_pat)[-_][A-Za-z0-9_-]{12,}|\beyJ[\w-]{8,}\.[\w.-]{8,}/g;

/** Text to show to a person: of secrets, those that are given and those that look like one, only the beginning is left. */
export function shortenSecrets(text: string, secrets: readonly string[]): string {
  const known = secrets.filter((secret) => secret !== '');
  const withoutKnown = known.reduce((rest, secret) => rest.replaceAll(secret, shorten(secret)), text);
  return withoutKnown
    .replace(recognisable, shorten)
    .replace(
      named,
      (_match, before: string, quote: string, value: string) =>
        before + quote + (isReference(value) || value.includes('…') ? value : shorten(value)),
    );
}

/** The name of a variable or file is no secret. */
function isReference(value: string): boolean {
  return /^\$|^[A-Z][A-Z0-9_]*$|^(?:true|false|null)$/.test(value);
}

function shorten(secret: string): string {
  return `${secret.slice(0, Math.min(3, Math.floor(secret.length / 3)))}…`;
}
