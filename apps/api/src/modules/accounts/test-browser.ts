import type { TestApp } from '../../testing.ts';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type Cookie = { value: string; path: string };

/** A browser as far as cookies go: keeps what it is given and sends each cookie below its path. */
export function createBrowser(test: TestApp) {
  const jar = new Map<string, Cookie>();
  return {
    jar,
    /** Another tab: the same cookies, from here on its own. */
    copy() {
      const other = createBrowser(test);
      for (const [name, cookie] of jar) other.jar.set(name, { ...cookie });
      return other;
    },
    async send<Body = Record<string, never>>(method: Method, url: string, body?: object, headers: Record<string, string> = {}) {
      const sent = [...jar].filter(([, { path }]) => path === '/' || url === path || url.startsWith(`${path}/`));
      const cookie = sent.map(([name, { value }]) => `${name}=${value}`).join('; ');
      const reply = await test.anonymous.send<Body>(method, url, body, { ...headers, ...(cookie ? { cookie } : {}) });
      for (const { name, value, path = '/', maxAge, expires } of reply.cookies) {
        const gone = value === '' || maxAge === 0 || (expires !== undefined && expires.getTime() <= 0);
        if (gone) jar.delete(name);
        else jar.set(name, { value, path });
      }
      return reply;
    },
  };
}
