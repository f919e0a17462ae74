import { send } from './community.ts';
import { expect, expectAccessible, settled, test } from './journey.ts';

test('a forgotten password: the admin hands over a link, which works once and signs out everywhere', async ({
  person,
  visitor,
  adminPage,
}) => {
  const someone = await person('Forgetful');
  const page = await visitor();
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Forgot your password?' }).click();
  // The page before has a field of the same name.
  await expect(page.getByRole('heading', { level: 1, name: 'A new password' })).toBeVisible();
  await page.getByLabel('E-mail').fill(someone.email);
  await page.getByRole('button', { name: 'Ask for a new password' }).click();
  await expect(page.getByText(/an admin sees your request/)).toBeVisible();

  const admin = await adminPage();
  await admin.goto('/admin');
  await admin.getByRole('link', { name: 'Requests for a new password' }).click();
  const request = admin.getByRole('listitem').filter({ hasText: someone.email });
  await request.getByRole('button', { name: 'Make a link' }).click();
  const link = (await request.getByRole('code').innerText()).trim();
  await expectAccessible(admin);

  await page.goto(link);
  await page.getByLabel('New password').fill('another long sentence to sign in');
  await page.getByRole('button', { name: 'Set the password' }).click();
  await expect(page.getByRole('button', { name: `Account of ${someone.displayName}` })).toBeVisible();
  const { user } = await send<{ user: unknown }>(page.context(), 'GET', '/api/v1/session');
  expect(user).not.toBeNull();
  expect((await someone.context.request.get('/api/v1/me/sessions')).status()).toBe(401);

  const again = await visitor();
  await again.goto(link);
  await again.getByLabel('New password').fill('a third long sentence to sign in');
  await again.getByRole('button', { name: 'Set the password' }).click();
  await expect(again.getByText(/Ask for a new link/)).toBeVisible();
});

test('account settings: name, languages, password, address, other browsers, tokens', async ({ person, visitor }) => {
  const { page, email, password, displayName } = await person('Settled');
  const elsewhere = await visitor();
  await send(elsewhere.context(), 'POST', '/api/v1/auth/sign-in', { email, password });

  await page.goto('/account');
  await page.getByRole('textbox', { name: 'Display name' }).fill(`${displayName} anew`);
  await page.getByRole('checkbox', { name: 'Deutsch' }).check();
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('Saved.')).toBeVisible();
  await expect(page.getByRole('button', { name: `Account of ${displayName} anew` })).toBeVisible();

  const passwords = page.getByRole('region', { name: 'Password' });
  await passwords.getByLabel('Current password').fill('not my password at all');
  await passwords.getByLabel('New password').fill('a newer long sentence for signing in');
  await passwords.getByRole('button', { name: 'Change the password' }).click();
  await expect(passwords.getByText('The password is not right.')).toBeVisible();
  await passwords.getByLabel('Current password').fill(password);
  await passwords.getByRole('button', { name: 'Change the password' }).click();
  await expect(page.getByText('The password is changed. Other browsers are signed out.')).toBeVisible();
  expect((await elsewhere.request.get('/api/v1/me/sessions')).status()).toBe(401);

  const address = page.getByRole('region', { name: 'E-mail' });
  await address.getByLabel('New e-mail address').fill(`new-${email}`);
  await address.getByLabel('Current password').fill('a newer long sentence for signing in');
  await address.getByRole('button', { name: 'Change the address' }).click();
  await expect(page.getByText('The address is changed.')).toBeVisible();

  await page.getByLabel('Name', { exact: true }).fill('a script');
  await page.getByRole('button', { name: 'Create a token' }).click();
  const token = (await page.getByRole('code').last().innerText()).trim();
  await expectAccessible(page);
  const drafts = await elsewhere.request.get('/api/v1/me/drafts', { headers: { authorization: `Bearer ${token}`, cookie: '' } });
  expect(drafts.status()).toBe(200);
  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('No tokens yet.')).toBeVisible();

  await page.getByRole('button', { name: 'Sign out everywhere' }).click();
  await expect(page.getByRole('link', { name: 'Sign in' }).first()).toBeVisible();
});

test('the command palette and the list of shortcuts lead everywhere without a mouse', async ({ person }) => {
  const { page } = await person('Keyboarder');
  await page.goto('/');
  await settled(page);
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('combobox');
  await expect(palette).toBeFocused();
  await expectAccessible(page);
  await palette.pressSequentially('brow');
  await expect(page.getByRole('option', { selected: true })).toContainText('Browse');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/browse/);
  await settled(page);
  await page.keyboard.press('?');
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(shortcuts).toContainText('Contribute');
  await expectAccessible(page);
  await page.keyboard.press('Escape');
  await expect(shortcuts).toBeHidden();
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page).toHaveURL(/\/datasets/);
});
