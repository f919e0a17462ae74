import type { Check } from '@granary/contract';

/**
 * E-mail addresses, phone numbers, bank accounts and payment cards, where a checksum, a shape or a word before it makes an
 * accident unlikely. One finding per kind and field; the excerpt is masked, so that it does not outlive the text it is about.
 */
export function findPersonalData(field: Check['field'], text: string): Check[] {
  return [findEmail(text), findIban(text), findCard(text), findPhone(text)]
    .filter((found) => found !== undefined)
    .map((found) => ({ kind: 'personal_data', severity: 'warn', field, excerpt: mask(found) }));
}

function mask(found: string): string {
  return `${found.slice(0, 3)}…${found.slice(-2)}`;
}

/** Addresses that are nobody's by standard (RFC 2606), and role addresses of examples. */
const nobody = /(?:^|[@.])(?:example|test|invalid|localhost)(?:\.(?:com|org|net|edu))?$/i;

/** Looks around every "@" instead of trying every letter, so that a long word costs no more than its length. */
function findEmail(text: string): string | undefined {
  for (let at = text.indexOf('@'); at !== -1; at = text.indexOf('@', at + 1)) {
    const local = /[A-Za-z0-9._%+-]{1,64}$/.exec(text.slice(Math.max(0, at - 64), at))?.[0];
    const domain = /^(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}/.exec(text.slice(at + 1, at + 290))?.[0];
    if (local !== undefined && domain !== undefined && /[A-Za-z0-9]/.test(local) && !nobody.test(domain)) return `${local}@${domain}`;
  }
  return undefined;
}

function findIban(text: string): string | undefined {
  for (const [candidate] of text.matchAll(/\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g)) {
    // The group after the account may be the next word in capitals: the longest reading with a right checksum counts.
    const groups = candidate.split(' ');
    for (let count = groups.length; count > 0; count -= 1) {
      const iban = groups.slice(0, count).join('');
      if (iban.length >= 15 && iban.length <= 34 && isIban(iban)) return iban;
    }
  }
  return undefined;
}

function isIban(iban: string): boolean {
  let remainder = 0;
  for (const character of iban.slice(4) + iban.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    remainder = (remainder * (value > 9 ? 100 : 10) + value) % 97;
  }
  return remainder === 1;
}

/** Issuers' ranges and lengths; the checksum alone would take one long number in ten for a card. */
const cardShape =
  /^(?:4\d{12}(?:\d{3})?(?:\d{3})?|5[1-5]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|3[47]\d{13}|6(?:011|5\d\d)\d{12}|3(?:0[0-5]|[68]\d)\d{11})$/;

function findCard(text: string): string | undefined {
  for (const [candidate] of text.matchAll(/(?<![\d.,])\d(?:[ -]?\d){12,18}(?![\d]|[.,]\d)/g)) {
    const digits = candidate.replace(/\D/g, '');
    if (cardShape.test(digits) && passesLuhn(digits)) return candidate;
  }
  return undefined;
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

const phoneShapes = [
  // +49 30 901820, +1 (212) 555-7890
  /(?<![\w+])\+[1-9]\d{0,2}[ ./-]?(?:\(\d{1,5}\)|\d)(?:[ ./-]?\d){5,12}(?!\d)/g,
  // (212) 736-5000, 212-736-5000
  /(?<![\w(.-])(?:\(\d{3}\) ?|\d{3}-)\d{3}-\d{4}(?![\d-])/g,
  // Tel.: 030 901820, call 0171/2345678
  /(?:\b(?:phone|tel|telefon|telephone|mobile|mobil|handy|cell|fax|whatsapp|call(?: me)?(?: at)?|text me at|ruf mich an)\b\.?(?: (?:number|no|nr|nummer)\.?)?(?: is| ist| unter)?:? ?)\(?0?\d(?:[ ()./-]{0,2}\d){5,13}(?!\d)/gi,
];

function findPhone(text: string): string | undefined {
  for (const shape of phoneShapes) {
    for (const [candidate] of text.matchAll(shape)) {
      const digits = candidate.replace(/\D/g, '');
      // 555-0100 to 555-0199 are set aside for stories.
      if (digits.length >= 7 && digits.length <= 15 && !/55501\d\d$/.test(digits)) return /\+?\(?\d.*$/s.exec(candidate)?.[0];
    }
  }
  return undefined;
}
