import { isMap } from 'yaml';
import { readNotify } from './read-notify.ts';
import { readRetention } from './read-retention.ts';
import { readSources, type SourceDefinitions } from './read-sources.ts';
import { readNumber } from './read-values.ts';
import { nodeOf, type Place, type Reading, readMapping, report } from './reading.ts';
import type { Settings } from './settings.ts';

const FAN_OUT = { perRecordLimit: 2000 };
const DELETE_BRAKE = { percent: 5, rows: 20 };

/** The whole file. Complete only when nothing was reported. */
export function readTop(reading: Reading, definitions: SourceDefinitions): Settings {
  const top: Place = { name: '', line: undefined, node: reading.document.contents };
  const before = reading.problems.length;
  const keys = readMapping(reading, top, ['sources', 'fanOut', 'deleteBrake', 'notify', 'retention']);
  const sources = keys.get('sources');
  if (sources === undefined && reading.problems.length === before) {
    report(reading, top, 'sources is missing', 'Write sources: and below it the systems to mirror');
  }
  const read = sources ? readSources(reading, sources, definitions) : [];
  const accounts = read.flatMap((source) => source.accounts);
  const notify = readNotify(reading, keys.get('notify'), accounts);
  return {
    sources: read,
    fanOut: readFanOut(reading, keys.get('fanOut')),
    deleteBrake: readDeleteBrake(reading, keys.get('deleteBrake')),
    ...(notify && { notify }),
    retention: readRetention(reading, keys.get('retention')),
  };
}

function readFanOut(reading: Reading, place: Place | undefined): Settings['fanOut'] {
  const limit = place && readMapping(reading, place, ['perRecordLimit']).get('perRecordLimit');
  return { perRecordLimit: (limit && readNumber(reading, limit, 'count')) ?? FAN_OUT.perRecordLimit };
}

/** `{ percent: 5, rows: 20 }`, or only `5%`. */
function readDeleteBrake(reading: Reading, place: Place | undefined): Settings['deleteBrake'] {
  if (place === undefined) return DELETE_BRAKE;
  if (!isMap(nodeOf(reading, place))) {
    return { ...DELETE_BRAKE, percent: readNumber(reading, place, 'percent') ?? DELETE_BRAKE.percent };
  }
  const keys = readMapping(reading, place, ['percent', 'rows']);
  const percent = keys.get('percent');
  const rows = keys.get('rows');
  return {
    percent: (percent && readNumber(reading, percent, 'percent')) ?? DELETE_BRAKE.percent,
    rows: (rows && readNumber(reading, rows, 'count')) ?? DELETE_BRAKE.rows,
  };
}
