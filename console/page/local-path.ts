/** Where a link or a form may lead back to: a path of the console itself, never another site. */
export function localPath(text: string | undefined): string {
  const here = 'http://console.invalid';
  const url = text?.startsWith('/') ? URL.parse(text, here) : null;
  return url?.origin === here ? `${url.pathname}${url.search}` : '/';
}
