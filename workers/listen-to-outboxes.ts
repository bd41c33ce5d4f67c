import { listen } from '../db/listen.ts';
import { carryOutbox, inHouseOf } from '../jobs/carry-outbox.ts';
import type { WorkerContext } from './create-context.ts';

/** Asks for a carry as soon as a transaction has changed something; the sweep finds what nobody was told of. */
export async function listenToOutboxes(context: WorkerContext): Promise<{ stop(): Promise<void> }> {
  const houses = inHouseOf(context);
  if (houses.length === 0) return { async stop() {} };
  const sourceOf = new Map(houses.map(({ channel, source }) => [channel, source]));
  return listen({
    url: context.databaseUrl,
    channels: [...sourceOf.keys()],
    onNotice(channel, change = `start-${process.pid}-${Date.now()}`) {
      context
        .enqueue(carryOutbox, [{ source: sourceOf.get(channel) ?? '', because: change }])
        .catch((error: unknown) =>
          context.log.warn({ err: error }, 'a change cannot be handed on; the sweep will find it'),
        );
    },
    onError: (error) => context.log.warn({ err: error }, 'not listening for changes; the sweep looks for them'),
  });
}
