import { type Answer, ask } from './console.ts';

/** A browser without a screen: it keeps cookies, sends `Origin` with forms, and puts our page's token into them. */
export interface Browsing {
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  /** Sends a form of the page that was read last. */
  submit(path: string, fields?: Record<string, string | readonly string[]>): Promise<Answer>;
  /** The same with a file, as a form with `enctype="multipart/form-data"` sends it. */
  upload(
    path: string,
    fields: Record<string, string>,
    file: Record<string, Uint8Array>,
    extra?: Record<string, string>,
  ): Promise<Answer>;
  cookie(name: string): string | undefined;
}

export function browse(url: string, more: Record<string, string> = {}): Browsing {
  const cookies = new Map<string, string>();
  let token = '';
  const keep = (answer: Answer) => {
    for (const line of [answer.headers['set-cookie'] ?? []].flat()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) cookies.set(name, value);
      else cookies.delete(name);
    }
    token = /name="_csrf" value="([^"]+)"/.exec(answer.text)?.[1] ?? token;
    return answer;
  };
  const headers = () => ({
    accept: 'text/html',
    cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; '),
    ...more,
  });
  return {
    get: async (path, extra = {}) => keep(await ask(url + path, 'GET', { ...headers(), ...extra })),
    async submit(path, fields = {}) {
      const form = new URLSearchParams({ _csrf: token });
      for (const [name, values] of Object.entries(fields))
        for (const value of [values].flat()) form.append(name, value);
      const sent = { ...headers(), origin: url, 'content-type': 'application/x-www-form-urlencoded' };
      return keep(await ask(url + path, 'POST', sent, form.toString()));
    },
    async upload(path, fields, file, extra = {}) {
      const form = new FormData();
      for (const [name, value] of Object.entries({ _csrf: token, ...fields })) form.append(name, value);
      for (const [name, bytes] of Object.entries(file)) form.append(name, new Blob([bytes.slice()]), 'ids.csv');
      const encoded = new Response(form);
      const sent = { ...headers(), ...extra, origin: url, 'content-type': encoded.headers.get('content-type') ?? '' };
      return keep(await ask(url + path, 'POST', sent, await encoded.bytes()));
    },
    cookie: (name) => cookies.get(name),
  };
}

/** Signed in, on the page that the form leads to. */
export async function signIn(url: string, password: string, name = ''): Promise<Browsing> {
  const browsing = browse(url);
  await browsing.get('/sign-in');
  const { status } = await browsing.submit('/sign-in', { password, name });
  if (status !== 303) throw new Error(`signing in was answered ${status}`);
  await browsing.get('/');
  return browsing;
}
