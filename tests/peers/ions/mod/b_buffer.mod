: A second writer of the same concentration: binds it, and lets it go.
NEURON { SUFFIX b_buffer USEION ca READ cai WRITE cai RANGE on, off, total }
UNITS { (molar) = (1/liter) (mM) = (millimolar) }
PARAMETER { on = 20 (/mM/ms) off = 0.02 (/ms) total = 0.005 (mM) }
STATE { cai (mM) bound (mM) }
INITIAL { bound = 0.001 }
BREAKPOINT { SOLVE s METHOD derivimplicit }
DERIVATIVE s { cai' = -on * cai * (total - bound) + off * bound  bound' = on * cai * (total - bound) - off * bound }
