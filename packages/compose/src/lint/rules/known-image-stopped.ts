import type { Path, Rule } from '@erlmcp/core'
import type { ComposeFile, Service } from '../../document.ts'
import type { ImageFacts } from '../../images/facts.ts'
import { eachService } from '../../model/each-service.ts'
import { knownImage } from '../../model/image.ts'
import { resolve } from '../../model/resolve.ts'
import { hasNoNewPrivileges, isNonRoot } from '../../model/security.ts'

export const knownImageStopped: Rule<ComposeFile> = {
  id: 'compose/known-image-stopped',
  kind: 'breaks',
  severity: 'warning',
  summary: 'Hardening that stops a known image',
  why: 'The entrypoint of the image fails before its program starts.',
  hint: 'Add what it needs, or remove the key: the defaults of a stack know this image.',
  references: ['capabilities(7)', 'execve(2)', 'Docker "Runtime privilege and Linux capabilities"'],
  appliesTo: ['cap_drop', 'read_only', 'init', 'security_opt'],
  bad: { services: { cache: { image: 'valkey/valkey:8.1', cap_drop: ['ALL'] } } },
  good: {
    services: {
      cache: { image: 'valkey/valkey:8.1', cap_drop: ['ALL'], cap_add: ['SETUID', 'SETGID'] },
    },
  },
  *check({ data }) {
    for (const { name, service, path, image } of eachService(data)) {
      // Another entrypoint may not need them.
      if (service.build || service.entrypoint || resolve(service.privileged) === 'true') continue
      const facts = knownImage(image)
      if (!facts) continue
      for (const { key, message } of stops(service, facts)) {
        yield { path: [...path, ...key], message: `${name} ${message}` }
      }
    }
  },
}

interface Stop {
  readonly key: Path
  readonly message: string
}

function* stops(service: Service, facts: ImageFacts): Generator<Stop> {
  const missing = missingCapabilities(service, facts)
  if (missing.length > 0) {
    yield {
      key: ['cap_drop'],
      message: `drops ${missing.join(', ')}, which the entrypoint of ${facts.title} needs`,
    }
  }
  if (resolve(service.read_only) === 'true' && facts.writesRoot) {
    yield {
      key: ['read_only'],
      message: `has a read-only root, but ${facts.title} needs to write: ${facts.writesRoot}`,
    }
  }
  if (resolve(service.init) === 'true' && facts.isProcessOne) {
    yield { key: ['init'], message: `has an init, but that of ${facts.title} must be process 1` }
  }
  if (hasNoNewPrivileges(service) && facts.gainsPrivileges) {
    yield {
      key: ['security_opt'],
      message: `has no-new-privileges, but ${facts.title} gains a capability when it starts`,
    }
  }
}

/** The capabilities without which a start fails; others depend on the mounts. */
function missingCapabilities(service: Service, facts: ImageFacts): string[] {
  const dropped = new Set(service.cap_drop?.map(plain))
  const added = new Set(service.cap_add?.map(plain))
  const startsAsRoot = facts.user === undefined && !isNonRoot(service)
  const stepsDown = facts.capabilities?.includes('SETUID') && facts.stepsDownTo !== undefined
  const needed = [
    ...(facts.fileCapabilities ?? []),
    ...(startsAsRoot && stepsDown ? ['SETGID', 'SETUID'] : []),
  ]
  if (added.has('ALL')) return needed.filter((one) => dropped.has(one))
  return needed.filter((one) => (dropped.has('ALL') || dropped.has(one)) && !added.has(one))
}

function plain(capability: string): string {
  return capability.toUpperCase().replace(/^CAP_/, '')
}
