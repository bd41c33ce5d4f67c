export * from '../operations/choose-entity.ts';
