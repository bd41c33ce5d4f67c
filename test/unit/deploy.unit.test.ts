import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readEnvironment } from '../../settings/environment.ts';

interface Container {
  name: string;
  args: string[];
  env: { name: string; value: string }[];
  livenessProbe?: { exec?: { command: string[] }; httpGet?: { path: string } };
  volumeMounts: { name: string }[];
}

interface Manifest {
  kind: string;
  metadata: { name: string };
  spec: Record<string, never> & { template?: { spec: { containers: Container[]; volumes: { name: string }[] } } };
}

function manifests(file: string): Manifest[] {
  const documents = parseAllDocuments(
    readFileSync(new URL(`../../deploy/kubernetes/${file}`, import.meta.url), 'utf8'),
  );
  return documents.map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS() as Manifest;
  });
}

describe('the Kubernetes manifests', () => {
  const all = manifests('pmsync.yaml');
  const podded = all.filter(({ spec }) => spec.template);

  test('start every role, and migrate once', () => {
    const commands = podded.map(({ spec }) => spec.template!.spec.containers[0]!.args.join(' '));
    expect(commands).toEqual(['migrate', 'start --role scheduler', 'start --role worker', 'start --role console']);
  });

  test('set an environment that pmsync reads, and mount what they name', () => {
    for (const { spec, metadata } of podded) {
      const { containers, volumes } = spec.template!.spec;
      const [container] = containers;
      const env = Object.fromEntries(container!.env.map(({ name, value }) => [name, value]));
      expect(readEnvironment(env).configPath, metadata.name).toBe('/settings/pmsync.yaml');
      expect(container!.volumeMounts.map(({ name }) => name)).toEqual(volumes.map(({ name }) => name));
    }
  });

  test('look after every process that stays', () => {
    for (const { kind, spec, metadata } of podded.filter(({ kind }) => kind === 'Deployment')) {
      const probe = spec.template!.spec.containers[0]!.livenessProbe;
      expect(probe?.exec?.command.join(' ') ?? probe?.httpGet?.path, `${kind} ${metadata.name}`).toMatch(
        /^\.\/pmsync health$|^\/healthz$/,
      );
    }
  });

  test('scale the deployment that is there', () => {
    const [scaled] = manifests('scale-workers.yaml');
    const { scaleTargetRef } = scaled!.spec as unknown as { scaleTargetRef: { name: string } };
    expect(all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain(`Deployment ${scaleTargetRef.name}`);
  });
});
