/** A URL as messages show it: user, password and query may be secret. */
export function shownUrl(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? "the URL" : `${parsed.protocol}//${parsed.host}${parsed.pathname}`;
}
