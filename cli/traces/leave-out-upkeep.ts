import { type Sampler, SamplingDecision } from '@opentelemetry/sdk-trace';

/** What BullMQ does all the time, also while there is nothing to do. */
const UPKEEP = /^(getNextJob|moveStalledJobsToWait|extendLocks|startStalledCheckTimer)\b/;

/** Of the rest `sampler` decides. */
export function leaveOutUpkeep(sampler: Sampler): Sampler {
  return {
    shouldSample(context, traceId, name, ...rest) {
      if (UPKEEP.test(name)) return { decision: SamplingDecision.NOT_RECORD };
      return sampler.shouldSample(context, traceId, name, ...rest);
    },
    toString: () => `leaveOutUpkeep(${sampler.toString()})`,
  };
}
