import { createTransport } from 'nodemailer';

export type Mail = { to: string; subject: string; text: string };
/** `configured` is false without SMTP: links are then handed over by an admin. */
export type Mailer = { configured: boolean; send(mail: Mail): Promise<void> };

/** Plain-text mail over SMTP; without `smtpUrl` nothing can be sent and `send` throws. */
export function createMailer({ smtpUrl, from }: { smtpUrl: string | undefined; from: string }): Mailer {
  if (smtpUrl === undefined) {
    return { configured: false, send: () => Promise.reject(new Error('No SMTP_URL is set, so no mail can be sent')) };
  }
  const transport = createTransport(smtpUrl);
  return {
    configured: true,
    async send(mail) {
      await transport.sendMail({ from, ...mail });
    },
  };
}
