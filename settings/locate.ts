import { dirname, join, relative, resolve } from 'node:path';

export interface Whereabouts {
  /** What `--config` said. */
  configPath?: string | undefined;
  env: NodeJS.ProcessEnv;
  cwd: string;
}

/** Where the settings file is: `--config`, else PMSYNC_CONFIG, else `./pmsync.yaml`; and the `.env` beside it. */
export function locateSettings({ configPath, env, cwd }: Whereabouts) {
  const from = configPath ? '--config' : env.PMSYNC_CONFIG ? 'PMSYNC_CONFIG' : 'the default place';
  const path = resolve(cwd, configPath || env.PMSYNC_CONFIG || 'pmsync.yaml');
  const envPath = join(dirname(path), '.env');
  return { path, from, shown: shownPath(path, cwd), envPath, envShown: shownPath(envPath, cwd) };
}

function shownPath(path: string, cwd: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near;
}
