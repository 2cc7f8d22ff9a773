import type { BindOptions, ImageOptions, Mount, TmpfsOptions, VolumeOptions } from '../document.ts'
import * as form from '../form.ts'
import { fields, number, oneOf, such, text } from '../shape.ts'
import { aSwitch, distinctPairs, size } from './scalar.ts'

export const mount = fields<Mount>(
  {
    type: oneOf('bind', 'volume', 'tmpfs', 'cluster', 'npipe', 'image'),
    source: text,
    target: text,
    read_only: aSwitch,
    consistency: text,
    bind: fields<BindOptions>({
      propagation: text,
      create_host_path: aSwitch,
      recursive: oneOf('enabled', 'disabled', 'writable', 'readonly'),
      selinux: oneOf('z', 'Z'),
    }),
    volume: fields<VolumeOptions>({ labels: distinctPairs, nocopy: aSwitch, subpath: text }),
    tmpfs: fields<TmpfsOptions>({ size, mode: such(number, { form: form.count }) }),
    image: fields<ImageOptions>({ subpath: text }),
  },
  { type: true, target: true },
)
