import { describe, expect, it } from 'vitest'
import { settled } from '../../testing/index.ts'
import { gather } from './gather.ts'

describe('gather', () => {
  it('delivers the first read at once and what follows in the same task in one go', async () => {
    const delivered: number[][] = []
    const reads = gather<number>(
      (items) => delivered.push([...items]),
      () => false,
    )
    reads.add([1])
    reads.add([2, 3])
    reads.add([4])
    expect(delivered).toEqual([[1]])
    await settled()
    await settled()
    expect(delivered).toEqual([[1], [2, 3, 4]])
    reads.add([5])
    expect(delivered.at(-1)).toEqual([5])
  })
  it('flush delivers what is waiting, once', async () => {
    const delivered: number[][] = []
    const reads = gather<number>(
      (items) => delivered.push([...items]),
      () => false,
    )
    reads.add([1])
    reads.add([2])
    reads.flush()
    reads.flush()
    await settled()
    await settled()
    expect(delivered).toEqual([[1], [2]])
  })
  it('delivers nothing once it is over', async () => {
    const delivered: number[][] = []
    let isOver = false
    const reads = gather<number>(
      (items) => delivered.push([...items]),
      () => isOver,
    )
    reads.add([1])
    reads.add([2])
    isOver = true
    reads.flush()
    await settled()
    await settled()
    expect(delivered).toEqual([[1]])
  })
})
