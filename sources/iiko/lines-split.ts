import { Rejected } from '../errors.ts';

/** Line keys repeat: some field of the query splits lines. The day can be had by asking for fewer fields. */
export class LinesSplit extends Rejected {}
