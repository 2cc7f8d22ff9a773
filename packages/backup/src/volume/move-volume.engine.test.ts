import { execFileSync } from 'node:child_process'
import { describeEngine, ensureImages } from '@erlmcp/testkit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { moveVolume } from './move-volume.ts'

const docker = (...args: string[]) => execFileSync('docker', args, { encoding: 'utf8' }).trim()
const prefix = `erlmcp-move-${process.pid}`
const name = (key: string) => `${prefix}_${key}`
const image = 'erlang:28.3.1-slim'

describeEngine('a volume that is moved', () => {
  beforeAll(() => ensureImages([image]))

  afterAll(() => {
    for (const container of docker('ps', '-aq', '--filter', `name=${prefix}`).split('\n')) {
      if (container !== '') docker('rm', '-f', container)
    }
    for (const volume of docker('volume', 'ls', '-q', '--filter', `name=${prefix}`).split('\n')) {
      if (volume !== '') docker('volume', 'rm', volume)
    }
  })

  const shell = (volume: string, line: string) =>
    docker(
      'run',
      '--rm',
      '--user',
      '0',
      '--network',
      'none',
      '-v',
      `${volume}:/v`,
      '--entrypoint',
      'sh',
      image,
      '-c',
      line,
    )

  test('a volume takes another name: all of its data, owners and modes, and the labels of Compose', async () => {
    const labels = ['project', prefix, 'volume', 'postgres-data']
    const label = (key: string, value: string) => `com.docker.compose.${key}=${value}`
    docker(
      ...['volume', 'create', '--label', label(labels[0]!, labels[1]!)],
      ...['--label', label(labels[2]!, labels[3]!), name('postgres-data')],
    )
    shell(
      name('postgres-data'),
      'mkdir -p /v/a/b && echo 1 > /v/a/b/c && echo 2 > "/v/odd name" && ln -s a /v/l && chown -R 70:70 /v && chmod 700 /v /v/a',
    )
    docker('create', '--name', `${prefix}-old`, '-v', `${name('postgres-data')}:/v`, image)
    const moved = await moveVolume(name('postgres-data'), name('pg-data'))
    // The container that is stopped holds the old one, and is named.
    expect(moved).toMatchObject({ files: 2, isRemoved: false, heldBy: [`${prefix}-old`] })
    const list =
      'stat -c "%n %u:%g %a" /v /v/a /v/a/b/c && cat /v/a/b/c "/v/odd name" && readlink /v/l'
    expect(shell(name('pg-data'), list).split('\n')).toEqual([
      ...['/v 70:70 700', '/v/a 70:70 700', '/v/a/b/c 70:70 644'],
      ...['1', '2', 'a'],
    ])
    const facts = JSON.parse(docker('volume', 'inspect', name('pg-data')))[0].Labels
    expect(facts).toMatchObject({
      'com.docker.compose.project': prefix,
      'com.docker.compose.volume': 'pg-data',
    })

    // Again: the new one has data of its own now.
    await expect(moveVolume(name('postgres-data'), name('pg-data'))).rejects.toThrow(
      `${name('pg-data')} is not empty`,
    )
    docker('rm', `${prefix}-old`)
    // A copy that was killed is begun again; without containers the old one goes.
    shell(name('pg-data'), ': > /v/.erlmcp-moving && rm -r /v/a && echo half > /v/half')
    const again = await moveVolume(name('postgres-data'), name('pg-data'), { tools: image })
    expect(again).toMatchObject({ files: 2, isRemoved: true })
    expect(shell(name('pg-data'), 'ls -A /v').split('\n').sort()).toEqual(['a', 'l', 'odd name'])
  })

  test('what cannot be moved is refused, and nothing is left', async () => {
    await expect(moveVolume(name('gone'), name('new'))).rejects.toThrow('the engine has no volume')
    await expect(moveVolume('../x', name('new'))).rejects.toThrow('invalid volume name')
    docker('volume', 'create', name('busy'))
    shell(name('busy'), 'echo 1 > /v/a')
    docker(
      'run',
      '-d',
      '--name',
      `${prefix}-busy`,
      '--network',
      'none',
      '-v',
      `${name('busy')}:/v`,
      '--entrypoint',
      'sh',
      image,
      '-c',
      'sleep 600',
    )
    await expect(moveVolume(name('busy'), name('new'))).rejects.toThrow(
      `the running container ${prefix}-busy uses`,
    )
    docker('rm', '-f', `${prefix}-busy`)
    await expect(moveVolume(name('busy'), name('new'), { tools: 'no-such:image' })).rejects.toThrow(
      'is not on this engine',
    )
    expect(docker('volume', 'ls', '-q', '--filter', `name=${name('new')}`)).toBe('')
  })
})
