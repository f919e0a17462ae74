import { endpoints } from '@granary/contract';
import type { FastifyInstance } from 'fastify';
import { registerRoute } from '../../http/route.ts';
import type { EntryService } from './service.ts';

const { entries: e } = endpoints;

export function entryRoutes(app: FastifyInstance, { entries }: { entries: EntryService }): void {
  registerRoute(
    app,
    e.create,
    ({ actor, params, query, body, idempotencyRow }) =>
      entries.submit(actor, { slug: params.slug, contribution: body, draftId: query.draftId, idempotencyRow }),
    { answersOnce: true },
  );
  registerRoute(app, e.findSame, ({ actor, params, body }) => entries.findSame(actor, params.slug, body));
  registerRoute(app, e.get, async ({ actor, params, reply }) => {
    const page = await entries.get(actor, params.id);
    void reply.header('etag', `"${page.entry.revision.number}"`);
    return page;
  });
  registerRoute(app, e.revise, async ({ actor, params, query, body, ifMatch, remember, reply }) => {
    const edit = { id: params.id, builtOn: ifMatch, input: body, draftId: query.draftId };
    const answer = await entries.revise(actor, edit, remember);
    void reply.header('etag', `"${ifMatch + 1}"`);
    return answer;
  });
  registerRoute(app, e.retract, ({ actor, params, body, remember }) => entries.retract(actor, params.id, body.reason, remember));
  registerRoute(app, e.appeal, ({ actor, params, body, remember }) => entries.appeal(actor, params.id, body.reason, remember));
  registerRoute(app, e.propose, ({ actor, params, query, body, ifMatch, remember }) =>
    entries.propose(actor, { id: params.id, builtOn: ifMatch, input: body, draftId: query.draftId }, remember),
  );
  registerRoute(app, e.acceptProposal, ({ actor, params, remember }) => entries.accept(actor, params.id, remember));
  registerRoute(app, e.declineProposal, ({ actor, params, body, remember }) => entries.decline(actor, params.id, body.reason, remember));
  registerRoute(app, e.withdrawProposal, ({ actor, params, remember }) => entries.withdraw(actor, params.id, remember));
  registerRoute(app, e.myProposals, ({ actor, query }) => entries.myProposals(actor, query));
  registerRoute(app, e.mine, ({ actor, query }) => entries.mine(actor, query));
  registerRoute(app, e.waiting, ({ actor, query }) => entries.waiting(actor, query.since));
  registerRoute(app, e.openInstructions, ({ actor, params, query }) => entries.openInstructions(actor, params.slug, query));
}
