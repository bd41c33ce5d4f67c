import type { Light } from './judge-target.ts';

const ORDER: readonly Light[] = ['red', 'amber', 'green', 'grey'];

/** The light of several together: the worst; grey only where nothing is expected of any. */
export function worstLight(lights: readonly Light[]): Light {
  return ORDER.find((light) => lights.includes(light)) ?? 'grey';
}
