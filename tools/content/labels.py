"""Which blocks of a page are its main content, going by a text or by segments that people marked.

A text is aligned with the blocks by runs of four words, so that a menu's words that also stand in the text are not taken for it; lines
too short for that must stand in the text near where their neighbours do. Of several copies of a block, as many are wanted as the text
has. A label is the share of a block's words that are wanted; NaN is "not known".
"""
import bisect
import re
from collections import defaultdict

import numpy as np

RUN = 4
SHORT = 8
WORD = re.compile(r"\w+")


def words(text):
    return WORD.findall((text or "").lower())


def squeeze(text):
    return re.sub(r"\s+", " ", text or "").strip()


def by_text(blocks, text, flags):
    """Labels for blocks (lists of words) from the true text."""
    true = words(text)
    labels = np.zeros(len(blocks))
    if not true:
        return labels
    anchors = by_runs(blocks, true, labels)
    by_neighbours(blocks, true, labels, anchors)
    drop_copies(blocks, true, labels, flags)
    return labels


def by_runs(blocks, true, labels):
    """Labels the blocks covered by runs of words of the text; returns (block, place in the text) of those with a place of their own."""
    places = defaultdict(list)
    for i in range(len(true) - RUN + 1):
        places[tuple(true[i:i + RUN])].append(i)
    page = [word for block in blocks for word in block]
    covered, at = np.zeros(len(page), bool), np.full(len(page), -1)
    for i in range(len(page) - RUN + 1):
        found = places.get(tuple(page[i:i + RUN]))
        if found:
            covered[i:i + RUN] = True
            if len(found) == 1:
                for k in range(RUN):
                    if at[i + k] < 0:
                        at[i + k] = found[0] + k
    anchors, start = [], 0
    for block, its_words in enumerate(blocks):
        end = start + len(its_words)
        if its_words:
            labels[block] = covered[start:end].mean()
            placed = at[start:end][at[start:end] >= 0]
            if len(placed):
                anchors.append((block, int(np.median(placed))))
        start = end
    return anchors


def by_neighbours(blocks, true, labels, anchors):
    """Labels short blocks whose words stand in the text between the places of the blocks around them."""
    anchored = [block for block, _ in anchors]
    places = defaultdict(list)
    for i, word in enumerate(true):
        places[word].append(i)
    for block, its_words in enumerate(blocks):
        count = len(its_words)
        if not 0 < count < SHORT or labels[block] >= 0.6:
            continue
        after = bisect.bisect_left(anchored, block)
        if after < len(anchors) and anchors[after][0] == block:
            continue
        low = anchors[after - 1] if after else None
        high = anchors[after] if after < len(anchors) else None
        gaps = [abs(block - anchor[0]) for anchor in (low, high) if anchor]
        if gaps and min(gaps) > 60:
            continue
        first, last = window(low and low[1], high and high[1], len(true))
        if any(first <= i <= last and true[i:i + count] == its_words for i in places.get(its_words[0], [])):
            labels[block] = 1.0
        elif count >= 2 and last - first < 60 and set(its_words) <= set(true[max(0, first):last + count]):
            labels[block] = 0.8


def window(low, high, length):
    """Where in the text a block must stand between two places."""
    if low is None and high is None:
        return 0, length
    if low is None:
        return max(0, high - 80), high + 4
    if high is None:
        return low - 4, low + 120
    if high < low:
        return low - 4, low + 60
    return low - 4, min(high + 4, low + 1500)


def drop_copies(blocks, true, labels, flags):
    """Of several copies of a text, keeps those in the best company, as many as the text has."""
    text = " " + " ".join(true) + " "
    copies = defaultdict(list)
    for block, its_words in enumerate(blocks):
        if len(its_words) >= 3 and labels[block] >= 0.5:
            copies[tuple(its_words)].append(block)
    weight = np.minimum([len(block) for block in blocks], 30)
    wanted = np.concatenate([[0], np.cumsum(labels * weight)])
    there = np.concatenate([[0], np.cumsum(weight)])

    def company(block):
        first, end = max(0, block - 6), min(len(blocks), block + 7)
        share = (wanted[end] - wanted[first]) / max(1, there[end] - there[first])
        return round(share, 1) - ("HIDDEN" in flags[block]), -block

    for its_words, where in copies.items():
        in_text = max(1, text.count(" " + " ".join(its_words) + " "))
        for block in sorted(where, key=company, reverse=True)[in_text:]:
            labels[block] = 0


def by_segments(texts, wanted, unwanted):
    """Labels for block texts from segments that must and must not be in the text; the rest is not known."""
    texts = [squeeze(text) for text in texts]
    page = " ".join(texts)
    starts = np.concatenate([[0], np.cumsum([len(text) + 1 for text in texts])])[:-1]
    labels = np.full(len(texts), np.nan)
    for segments, label in ((unwanted, 0.0), (wanted, 1.0)):
        for segment in map(squeeze, segments):
            at = page.find(segment) if segment else -1
            for _ in range(50):
                if at < 0:
                    break
                first = np.searchsorted(starts, at, "right") - 1
                last = np.searchsorted(starts, at + len(segment) - 1, "right") - 1
                labels[first:last + 1] = label
                at = page.find(segment, at + 1)
    return labels
