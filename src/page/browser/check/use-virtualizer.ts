import {
  defaultRangeExtractor,
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/virtual-core';
import type { RefObject } from 'preact';
import { useLayoutEffect, useReducer, useState } from 'preact/hooks';

export interface VirtualOptions {
  readonly scroller: RefObject<HTMLElement | null>;
  readonly count: number;
  readonly sizeOf: (index: number) => number;
  readonly isHorizontal?: boolean;
  readonly overscan: number;
  /** Size of what sticks to the start; the items begin behind it. */
  readonly paddingStart: number;
  /** Kept even when it is out of sight, since it has the focus. */
  readonly current: number;
}

export interface VirtualRange {
  readonly items: readonly VirtualItem[];
  readonly size: number;
  scrollTo(index: number): void;
}

/** Which rows, or columns, of a large grid have to be drawn. */
export function useVirtualizer(options: VirtualOptions): VirtualRange {
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  const { scroller, count, sizeOf, isHorizontal = false, overscan, paddingStart, current } = options;
  const settings = {
    count,
    getScrollElement: () => scroller.current,
    estimateSize: sizeOf,
    horizontal: isHorizontal,
    overscan,
    paddingStart,
    scrollPaddingStart: paddingStart,
    rangeExtractor: (range: Parameters<typeof defaultRangeExtractor>[0]) => {
      const indexes = defaultRangeExtractor(range);
      if (current < 0 || current >= count || indexes.includes(current)) return indexes;
      return [...indexes, current].sort((one, other) => one - other);
    },
    scrollToFn: elementScroll,
    observeElementRect,
    observeElementOffset,
    onChange: () => redraw(undefined),
  };
  const [virtualizer] = useState(() => new Virtualizer<HTMLElement, HTMLElement>(settings));
  virtualizer.setOptions(settings);
  useLayoutEffect(() => virtualizer._didMount(), []);
  useLayoutEffect(() => virtualizer._willUpdate());
  useLayoutEffect(() => virtualizer.measure(), [sizeOf]);
  return {
    items: virtualizer.getVirtualItems(),
    size: virtualizer.getTotalSize(),
    scrollTo: (index) => virtualizer.scrollToIndex(index, { align: 'auto' }),
  };
}
