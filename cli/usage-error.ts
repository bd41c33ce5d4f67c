export * from '../operations/usage-error.ts';
