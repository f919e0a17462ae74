import { hash, verify } from '@node-rs/argon2';

/** argon2id (the library's default algorithm) with the memory and passes OWASP recommends: about 10 ms. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Keyboards differ in how they compose letters; the same password must hash the same everywhere. */
const normal = (password: string) => password.normalize('NFKC');

export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), cost);
}

/** Whether the password is the one behind the hash. A hash that cannot be read matches nothing. */
export async function passwordMatches(passwordHash: string, password: string): Promise<boolean> {
  try {
    return await verify(passwordHash, normal(password));
  } catch {
    return false;
  }
}
