import { describe, expect, it, vi } from 'vitest';
import { createSessionKeeper, type SessionKeeperParts } from './session-keeper.ts';

const start = Date.parse('2026-11-23T09:00:00Z');
const later = '2026-11-23T09:10:00Z';

function keeperWith(given: Partial<SessionKeeperParts> = {}, stored: Record<string, string> = {}) {
  const values = new Map(Object.entries(stored));
  const storage = {
    get: (key: string) => values.get(key) ?? null,
    set: (key: string, value: string | null) => void (value === null ? values.delete(key) : values.set(key, value)),
  };
  const requestRenewal = vi.fn<SessionKeeperParts['requestRenewal']>(async () => ({ status: 'renewed', expiresAt: later }));
  const parts: SessionKeeperParts = {
    requestRenewal,
    storage,
    exclusively: (run) => run(),
    askToSignIn: async () => true,
    now: () => start,
    ...given,
  };
  return { keeper: createSessionKeeper(parts), requestRenewal, values };
}

describe('the session keeper', () => {
  it('sends one renewal for all who ask at the same time', async () => {
    const { keeper, requestRenewal } = keeperWith();
    expect(await Promise.all([keeper.renew(), keeper.renew(), keeper.renew()])).toEqual([true, true, true]);
    expect(requestRenewal).toHaveBeenCalledTimes(1);
  });

  it('does not renew again what another tab renewed while it waited', async () => {
    let otherTab = () => {};
    const { keeper, requestRenewal, values } = keeperWith({
      exclusively: async (run) => {
        otherTab();
        return run();
      },
    });
    otherTab = () => void values.set('granary.session-until', String(Date.parse(later)));
    expect(await keeper.renew()).toBe(true);
    expect(requestRenewal).not.toHaveBeenCalled();
  });

  it('renews before a session runs out, and leaves strangers and fresh sessions alone', async () => {
    const stranger = keeperWith();
    await stranger.keeper.renewIfDue();
    expect(stranger.requestRenewal).not.toHaveBeenCalled();
    const fresh = keeperWith();
    fresh.keeper.began();
    await fresh.keeper.renewIfDue();
    expect(fresh.requestRenewal).not.toHaveBeenCalled();
    const due = keeperWith({}, { 'granary.session-until': String(start + 5000) });
    await due.keeper.renewIfDue();
    expect(due.requestRenewal).toHaveBeenCalledTimes(1);
    expect(due.values.get('granary.session-until')).toBe(String(Date.parse(later)));
  });

  it('forgets a session that is over, but not one whose server is out of reach', async () => {
    const over = keeperWith({ requestRenewal: async () => ({ status: 'over' }) }, { 'granary.session-until': '1' });
    expect(await over.keeper.renew()).toBe(false);
    expect(over.keeper.hasHad()).toBe(false);
    const away = keeperWith({ requestRenewal: async () => ({ status: 'unreachable' }) }, { 'granary.session-until': '1' });
    expect(await away.keeper.renew()).toBe(false);
    expect(away.keeper.hasHad()).toBe(true);
  });

  it('asks once to sign in, however many calls wait', async () => {
    const askToSignIn = vi.fn<() => Promise<boolean>>(async () => true);
    const { keeper } = keeperWith({ askToSignIn });
    expect(await Promise.all([keeper.askToSignIn(), keeper.askToSignIn()])).toEqual([true, true]);
    expect(askToSignIn).toHaveBeenCalledTimes(1);
  });
});
