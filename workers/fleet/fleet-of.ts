import type { Env } from '../env.ts';
import { errorText, log } from '../log.ts';
import type { MediaNode } from '../session/placement.ts';
import { settingsOf } from '../settings.ts';
import type { Fleet } from './fleet.ts';

/** The one fleet. */
export function fleetOf(env: Env): DurableObjectStub<Fleet> {
  return env.FLEET.getByName('fleet');
}

/** The nodes that can place calls now; those that are configured when none has reported, or the fleet cannot be asked. */
export async function diallingNodes(env: Env): Promise<readonly MediaNode[]> {
  const nodes = await fleetOf(env)
    .list()
    .then(
      (fleet) => fleet.nodes,
      (error: unknown) => {
        log('error', 'the fleet could not be asked for nodes', { error: errorText(error) });
        return [];
      },
    );
  const able = nodes.filter(({ state, sipUri }) => state === 'up' && sipUri !== undefined);
  return able.length > 0 ? able : settingsOf(env).MEDIA_NODES;
}

/** A node that has a call, though it may get no more. */
export async function nodeNamed(env: Env, name: string): Promise<MediaNode | undefined> {
  const { nodes } = await fleetOf(env).list();
  return [...nodes, ...settingsOf(env).MEDIA_NODES].find((node) => node.name === name);
}
