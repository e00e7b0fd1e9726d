TITLE Internodal axolemma of the human motor axon

NEURON {
    SUFFIX axoninternode
    NONSPECIFIC_CURRENT i
    RANGE area_um2
    RANGE gkf, gks, gh, gna, gk, pump, ek, ena, eh, shift, qmoved
    RANGE nshift, sshift, qshift, nspeed, sspeed, qspeed, nsteep, ssteep, qsteep
}

UNITS {
    (mA) = (milliamp)
    (mV) = (millivolt)
}

PARAMETER {
    area_um2 = 100
    gkf gks gh gna gk
    pump
    ek ena eh
    shift qmoved
    nshift sshift qshift
    nspeed sspeed qspeed
    nsteep ssteep qsteep
    celsius (degC)
}

STATE { n s q }

ASSIGNED {
    v (mV)
    i (mA/cm2)
    a[3]
    b[3]
}

INITIAL {
    rates(v)
    n = a[0] / (a[0] + b[0])
    s = a[1] / (a[1] + b[1])
    q = a[2] / (a[2] + b[2])
}

BREAKPOINT {
    LOCAL pa
    SOLVE gates METHOD cnexp
    pa = (gkf * n * n * n * n + gks * s) * (v - ek) + gh * q * (v - eh)
    pa = pa + gna * (v - ena) + gk * (v - ek) + pump
    i = 0.1 * pa / area_um2
}

DERIVATIVE gates {
    rates(v)
    n' = a[0] * (1 - n) - b[0] * n
    s' = a[1] * (1 - s) - b[1] * s
    q' = a[2] * (1 - q) - b[2] * q
}

FUNCTION over(x, k) {
    if (fabs(x / k) < 1e-7) {
        over = k
    } else {
        over = x / (1 - exp(-x / k))
    }
}

FUNCTION warm(q10, reference) {
    warm = q10 ^ ((celsius - reference) / 10)
}

PROCEDURE rates(v (mV)) {
    LOCAL x, f
    f = nspeed * warm(3, 36)
    x = (v - shift - nshift) * nsteep
    a[0] = f * 0.0462 * over(x + 83.2, 1.1)
    b[0] = f * 0.0824 * over(-(x + 66), 10.5)
    f = sspeed * warm(3, 37)
    x = (v - shift - sshift + 60) * ssteep
    a[1] = f * 0.00556 * exp(x / 22)
    b[1] = f * 0.00556 * exp(-x / 22)
    f = qspeed * warm(3, 36)
    x = (v - shift - qmoved - qshift) * qsteep
    a[2] = f * 0.00522 * exp(-(x + 107.3) / 12.2)
    b[2] = f * 0.00522 * exp((x + 107.3) / 12.2)
}
