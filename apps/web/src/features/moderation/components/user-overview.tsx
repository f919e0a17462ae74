import { useState } from 'react';
import { Ban, RotateCcw, UserCog } from 'lucide-react';
import { roles, type Role, type User } from '@granary/contract';
import { mayGiveRole, mayModerateUser } from '@granary/domain';
import { Button } from '../../../components/button.tsx';
import { DescriptionList } from '../../../components/description-list.tsx';
import { Field, Select } from '../../../components/field.tsx';
import { Notice } from '../../../components/notice.tsx';
import { DateText, NumberText } from '../../../components/text-values.tsx';
import { toast } from '../../../components/toast.tsx';
import { callApi, endpoints } from '../../../lib/api.ts';
import { useT } from '../../../lib/i18n/i18n.ts';
import { useSession } from '../../../lib/session.ts';
import { useRefresh } from '../use-refresh.ts';
import { ReasonDialog } from './reason-dialog.tsx';
import { UserStatus } from './user-list.tsx';
import './moderation.css';

const counts = ['entries', 'approved', 'rejected', 'reviews', 'openFlags'] as const;

/** What moderators know of somebody. */
export function UserFacts({ user }: { user: User }) {
  const t = useT();
  return (
    <div className="stack">
      {user.status === 'suspended' && (
        <Notice tone="critical" title={t('moderation.user.suspended')}>
          {user.suspendedReason}
        </Notice>
      )}
      <DescriptionList
        items={[
          { term: t('moderation.users.role'), value: t(`moderation.role.${user.role}`) },
          { term: t('moderation.users.status'), value: <UserStatus status={user.status} /> },
          { term: t('moderation.users.joined'), value: <DateText iso={user.createdAt} /> },
          ...counts.map((key) => ({ term: t(`moderation.count.${key}`), value: <NumberText value={user[key]} /> })),
        ]}
      />
    </div>
  );
}

/** What a moderator can do about somebody; where nothing, why. */
export function UserActs({ user }: { user: User }) {
  const t = useT();
  const { user: me } = useSession();
  if (me === null) return null;
  if (!mayModerateUser(me, user)) {
    return <p className="small soft">{t(me.id === user.id ? 'moderation.user.self' : 'moderation.user.above')}</p>;
  }
  const givable = roles.filter((role) => role !== user.role && mayGiveRole(me, user, role));
  return (
    <div className="cluster gap-2">
      {givable.length > 0 && <RoleButton user={user} givable={givable} />}
      <StandingButton user={user} />
    </div>
  );
}

function RoleButton({ user, givable }: { user: User; givable: readonly Role[] }) {
  const t = useT();
  const refresh = useRefresh('user');
  const [open, setOpen] = useState(false);
  const [wished, setWished] = useState<Role | null>(null);
  // After a role was given it is no longer among those that can be.
  const role = givable.find((each) => each === wished) ?? givable[0];
  if (role === undefined) return null;
  return (
    <>
      <Button size="small" icon={<UserCog aria-hidden />} onClick={() => setOpen(true)}>
        {t('moderation.user.giveRole')}
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={t('moderation.user.roleTitle', { name: user.displayName })}
        text={t('moderation.user.roleText', { role: t(`moderation.role.${user.role}`) })}
        hint={t('moderation.reason.log')}
        submitLabel={t('moderation.user.roleDo')}
        act={(reason) => callApi(endpoints.moderation.setRole, { params: { id: user.id }, body: { role, reason } })}
        onDone={() => {
          toast({ tone: 'positive', text: t('moderation.user.roleDone', { name: user.displayName, role: t(`moderation.role.${role}`) }) });
          return refresh();
        }}
      >
        <Field label={t('moderation.user.newRole')} hint={t(`moderation.roleHint.${role}`)}>
          <Select value={role} onChange={(event) => setWished(givable.find((each) => each === event.target.value) ?? null)}>
            {givable.map((each) => (
              <option key={each} value={each}>
                {t(`moderation.role.${each}`)}
              </option>
            ))}
          </Select>
        </Field>
      </ReasonDialog>
    </>
  );
}

/** Suspends, or lifts the suspension. */
function StandingButton({ user }: { user: User }) {
  const t = useT();
  const refresh = useRefresh('user');
  const [open, setOpen] = useState(false);
  const act = user.status === 'active' ? 'suspend' : 'reinstate';
  return (
    <>
      <Button size="small" icon={act === 'suspend' ? <Ban aria-hidden /> : <RotateCcw aria-hidden />} onClick={() => setOpen(true)}>
        {t(`moderation.user.open.${act}`)}
      </Button>
      <ReasonDialog
        open={open}
        onClose={() => setOpen(false)}
        title={t(`moderation.user.ask.${act}`, { name: user.displayName })}
        text={t(`moderation.user.text.${act}`)}
        hint={t('moderation.reason.log')}
        submitLabel={t(`moderation.user.do.${act}`)}
        danger={act === 'suspend'}
        act={(reason) => {
          const input = { params: { id: user.id }, body: { reason } };
          return act === 'suspend' ? callApi(endpoints.moderation.suspend, input) : callApi(endpoints.moderation.reinstate, input);
        }}
        onDone={() => {
          toast({ tone: 'positive', text: t(`moderation.user.done.${act}`, { name: user.displayName }) });
          return refresh();
        }}
      />
    </>
  );
}
