import type { BindOptions, ImageOptions, Mount, TmpfsOptions, VolumeOptions } from '../document.ts'
import { amount, aSwitch, fields, text } from '../shape.ts'
import { pairs } from './scalar.ts'

export const mount = fields<Mount>({
  type: text,
  source: text,
  target: text,
  read_only: aSwitch,
  consistency: text,
  bind: fields<BindOptions>({
    propagation: text,
    create_host_path: aSwitch,
    recursive: text,
    selinux: text,
  }),
  volume: fields<VolumeOptions>({ labels: pairs, nocopy: aSwitch, subpath: text }),
  tmpfs: fields<TmpfsOptions>({ size: amount, mode: amount }),
  image: fields<ImageOptions>({ subpath: text }),
})
