: An Ornstein-Uhlenbeck current density with an exact update and a normal number a step.
NEURON {
    SUFFIX ou
    NONSPECIFIC_CURRENT i
    RANGE mean, sd, tau, x, decay, kick
    RANDOM draw
    THREADSAFE
}
PARAMETER { mean = 4 sd = 5 tau = 2 }
ASSIGNED { dt (ms) i (mA/cm2) x decay kick }
INITIAL {
    x = mean
    decay = exp(-dt / tau)
    kick = sd * sqrt(1 - decay * decay)
}
BEFORE BREAKPOINT { x = mean + (x - mean) * decay + kick * random_normal(draw) }
BREAKPOINT { i = -x * 1e-3 }
