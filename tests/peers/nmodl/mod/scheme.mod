NEURON { SUFFIX scheme USEION na READ ena WRITE ina RANGE gbar }
UNITS { (mV) = (millivolt) (mA) = (milliamp) (S) = (siemens) }
PARAMETER { gbar = 0.004 (S/cm2) }
ASSIGNED { v (mV) ena (mV) ina (mA/cm2) up (/ms) down (/ms) shut (/ms) back (/ms) }
STATE { closed[2] open inactive }
INITIAL { SOLVE kin STEADYSTATE sparse }
BREAKPOINT { SOLVE kin METHOD sparse  ina = gbar*open*(v - ena) }
KINETIC kin {
    rates(v)
    ~ closed[0] <-> closed[1] (2*up, down)
    ~ closed[1] <-> open (up, 2*down)
    ~ open <-> inactive (shut, back)
    CONSERVE closed[0] + closed[1] + open + inactive = 1
}
PROCEDURE rates(v (mV)) {
    up = 2*exp((v + 30)/20)  down = 1.5*exp(-(v + 40)/18)
    shut = 0.4  back = 0.3*exp(-(v + 60)/12)
}
