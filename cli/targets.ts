export * from '../operations/targets.ts';
