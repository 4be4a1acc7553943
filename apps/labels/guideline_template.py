"""The guideline that a team without any is offered: what PRM800K asked of its labellers, in our own words.

A line break is shown as one, so each paragraph is one line of the text, written here over several.
"""

from __future__ import annotations

NAME = "PRM800K's rules in our words"

TEXT = """# What is asked

You see a problem, its reference answer, and a solution in steps. Judge each step by what it does for the solution. \
You need not solve the problem yourself.

# The verdicts

**✓ Good** asks for everything at once: the step is right, you can check it in about half a minute (a calculator or \
a quick search is fine; if you need pencil and paper it is bad), it is apt at this place, and it moves the solution \
on.

**○ Neutral** is a sound step that leads nowhere further: it says again what is known, or it stalls.

**✕ Bad** is a step that is wrong, too hard to check, unreadable, off the subject, plainly a dead end, circular, or \
that leans on a picture or a link.

**? Unsure** is for what these rules do not settle. Use it seldom: each one is looked at, and the rules are changed \
by it.

# Examples

1. The problem asks for the roots of $x^2 + x = 0$.
   - "Factor: $x(x + 1) = 0$." is **good**.
   - "So we look for the numbers $x$ with $x^2 + x = 0$." is **neutral**: it says the problem again.
   - "Divide by $x$: $x + 1 = 0$." is **bad**: it loses the root $0$.
   - "The answer is $-1$." is **bad** as a last step: the number is a root, but the solution is not complete.
2. $2^3 = 8$, $2^4 = 16$, "$2^5 = 32$, and so on" is **neutral**: the list grows and nothing is concluded.

# Where opinions part

- An attempt that comes to nothing later can be good where it stands.
- Substance counts and trifles do not: mark the step in which the real mistake is made, not one that is put loosely.
- You can correct an earlier verdict at any time, in its place.

# By the way of working

- **All alternatives for the next step:** judge each, then take one to go on from. Where none is good, write one \
better step with one idea in it.
- **A whole solution:** go on to the first bad step. There, say how far the solution had come, judge what others \
wrote about the mistake (or write it yourself), judge the alternatives, and stop.
- **Give up**, with a reason, after two or three minutes without getting anywhere.
- **The problem is bad**, with a reason, where its statement cannot be answered as it stands, or asks for four or \
more things at once. A wrong reference answer does not make a problem bad.
"""
