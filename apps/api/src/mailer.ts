import { createTransport } from 'nodemailer';

export type Mail = { to: string; subject: string; text: string };
/** `configured` is false without SMTP: links are then handed over by an admin. */
export type Mailer = { configured: boolean; send(mail: Mail): Promise<void> };

/** How long a mail server may take over one step, and over a whole mail. */
const stepMs = 10_000;
const mailMs = 30_000;
/** Mails being sent at the same time: a server that hangs must not gather connections without end. */
const mailsAtOnce = 20;

/**
 * Plain-text mail over SMTP; without `smtpUrl` nothing can be sent and `send` throws. A mail that the server has not taken within `timeoutMs`
 * fails, and its connection is closed.
 */
export function createMailer({
  smtpUrl,
  from,
  timeoutMs = mailMs,
}: {
  smtpUrl: string | undefined;
  from: string;
  timeoutMs?: number;
}): Mailer {
  if (smtpUrl === undefined) {
    return { configured: false, send: () => Promise.reject(new Error('No SMTP_URL is set, so no mail can be sent')) };
  }
  const step = Math.min(stepMs, timeoutMs);
  const url = new URL(smtpUrl);
  for (const name of ['connectionTimeout', 'greetingTimeout', 'socketTimeout', 'dnsTimeout'])
    if (!url.searchParams.has(name)) url.searchParams.set(name, String(step));
  let underWay = 0;
  return {
    configured: true,
    async send(mail) {
      if (underWay >= mailsAtOnce) throw new Error(`The mail server does not keep up: ${mailsAtOnce} mails are waiting for it`);
      underWay += 1;
      const late = Promise.withResolvers<never>();
      const timer = setTimeout(
        () => late.reject(new Error(`The mail server did not take the mail within ${timeoutMs / 1000} s`)),
        timeoutMs,
      );
      // A connection for each mail, so that one can be given up alone.
      const transport = createTransport(url.href);
      try {
        await Promise.race([transport.sendMail({ from, ...mail }), late.promise]);
      } finally {
        clearTimeout(timer);
        transport.close();
        underWay -= 1;
      }
    },
  };
}
