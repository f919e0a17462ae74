import type { Mail } from '../../mailer.ts';

type Link = { to: string; displayName: string; url: string };

export function passwordResetMail({ to, displayName, url }: Link): Mail {
  return {
    to,
    subject: 'Choose a new Granary password',
    text: `Hello ${displayName},

you asked for a new password for your Granary account. Choose one here, within the next 24 hours:

${url}

The link works once. If you did not ask for it, you can ignore this message: your password stays as it is.
`,
  };
}

export function confirmEmailMail({ to, displayName, url }: Link): Mail {
  return {
    to,
    subject: 'Confirm your e-mail address for Granary',
    text: `Hello ${displayName},

please confirm that this address is yours, within the next 24 hours:

${url}

If you have no account at Granary, somebody mistyped their address, and you can ignore this message.
`,
  };
}

export function emailChangedMail({ to, displayName }: Omit<Link, 'url'>): Mail {
  return {
    to,
    subject: 'Your Granary account has a new e-mail address',
    text: `Hello ${displayName},

your Granary account now uses another e-mail address, and this one no longer signs in.

If that was you, there is nothing to do. If it was not, please write to the people who run this Granary.
`,
  };
}
