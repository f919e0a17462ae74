import type { Dependencies } from '../../dependencies.ts';
import { createSecretReader } from '../../session-secret.ts';
import type { SnapshotService } from '../snapshots/service.ts';
import { createAnnouncer } from './announcer.ts';
import { createFeedRepository } from './feed-repository.ts';
import { createFeedService } from './feed-service.ts';
import { createPlanRepository } from './plan-repository.ts';
import { createPlanService } from './plan-service.ts';
import { createPostMessage } from './post-message.ts';
import { createWebhookRepository } from './webhook-repository.ts';
import { createWebhookService } from './webhook-service.ts';

/** What publishes by itself, and what tells of it. */
export function createPublishingService({ db, jobs, clock, config }: Dependencies, snapshots: SnapshotService) {
  const webhooks = createWebhookRepository(db);
  const { webhookPrivateHosts: trusted, webhookPorts: ports } = config;
  const deploymentSecret = createSecretReader(db, config.sessionSecret);
  return {
    plans: createPlanService({ db, plans: createPlanRepository(db), snapshots, clock }),
    webhooks: createWebhookService({ db, webhooks, jobs, clock, deploymentSecret, trusted, ports }),
    announcer: createAnnouncer({
      db,
      webhooks,
      jobs,
      clock,
      deploymentSecret,
      post: createPostMessage({ trusted, ports }),
      publicUrl: config.publicUrl,
    }),
    feed: createFeedService({ feeds: createFeedRepository(db) }),
  };
}
