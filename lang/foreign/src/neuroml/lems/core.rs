//! The types of NeuroML that cells are made of, as far as their equations go: what each has for parameters, and how its values follow. Types of one's own extend them.

/// A type of the language.
#[derive(Debug)]
pub struct Core {
    /// Its name.
    pub name: &'static str,
    /// What it extends; nothing where that makes no difference.
    pub base: &'static str,
    /// Parameters and their dimensions.
    pub parameters: &'static [(&'static str, &'static str)],
    /// Values: expressions of LEMS; `@child/value` is a value of a child, `@child[*]/value` the product over all such children.
    pub values: &'static [(&'static str, &'static str)],
    /// States: the slope per ms, and where it begins.
    pub states: &'static [(&'static str, &'static str, &'static str)],
    /// Whether its states are set to 0 where a step has brought them below.
    pub floor: bool,
}

const EMPTY: Core = Core { name: "", base: "", parameters: &[], values: &[], states: &[], floor: false };

const HH: &[(&str, &str)] = &[("rate", "per_time"), ("midpoint", "voltage"), ("scale", "voltage")];
const HH_VARIABLE: &[(&str, &str)] = &[("rate", "none"), ("midpoint", "voltage"), ("scale", "voltage")];
const EXPONENTIAL: &str = "rate * exp((v - midpoint) / scale)";
const SIGMOID: &str = "rate / (1 + exp(-(v - midpoint) / scale))";
/// The limit at the midpoint is taken, where the quotient would be 0 / 0.
const LINEAR: &str = "rate * linoid((v - midpoint) / scale, 1)";
const GATE: (&str, &str, &str) = ("q", "(inf - q) / tau", "inf");
const INSTANCES: &[(&str, &str)] = &[("instances", "none")];
const SCALE: (&str, &str) = ("rateScale", "@q10Settings[*]/q10");
const OPEN: (&str, &str) = ("fcond", "q ^ instances");
const ALPHA: (&str, &str) = ("alpha", "@forwardRate/r");
const BETA: (&str, &str) = ("beta", "@reverseRate/r");
const BY_RATES: (&str, &str) = ("inf", "alpha / (alpha + beta)");
const BY_STEADY: (&str, &str) = ("inf", "@steadyState/x");
const TAU_RATES: (&str, &str) = ("tau", "1 / ((alpha + beta) * rateScale)");
const TAU_COURSE: (&str, &str) = ("tau", "tauUnscaled / rateScale");
const UNSCALED: (&str, &str) = ("tauUnscaled", "@timeCourse/t");
const SHELL: (&str, &str) = ("shellVolume", "4 * 3.14159265358979 / 3 * (radius ^ 3 - (radius - shellThickness) ^ 3)");
const POOL: &[(&str, &str)] = &[("extConcentration", "initialExtConcentration")];

/// All types.
pub const CORE: &[Core] = &[
    Core { name: "baseVoltageDepRate", ..EMPTY },
    Core { name: "baseVoltageConcDepRate", ..EMPTY },
    Core { name: "baseHHRate", parameters: HH, ..EMPTY },
    Core { name: "HHExpRate", parameters: HH, values: &[("r", EXPONENTIAL)], ..EMPTY },
    Core { name: "HHSigmoidRate", parameters: HH, values: &[("r", SIGMOID)], ..EMPTY },
    Core { name: "HHExpLinearRate", parameters: HH, values: &[("r", LINEAR)], ..EMPTY },
    Core { name: "baseVoltageDepVariable", ..EMPTY },
    Core { name: "baseVoltageConcDepVariable", ..EMPTY },
    Core { name: "baseHHVariable", parameters: HH_VARIABLE, ..EMPTY },
    Core { name: "HHExpVariable", parameters: HH_VARIABLE, values: &[("x", EXPONENTIAL)], ..EMPTY },
    Core { name: "HHSigmoidVariable", parameters: HH_VARIABLE, values: &[("x", SIGMOID)], ..EMPTY },
    Core { name: "HHExpLinearVariable", parameters: HH_VARIABLE, values: &[("x", LINEAR)], ..EMPTY },
    Core { name: "baseVoltageDepTime", ..EMPTY },
    Core { name: "baseVoltageConcDepTime", ..EMPTY },
    Core { name: "fixedTimeCourse", parameters: &[("tau", "time")], values: &[("t", "tau")], ..EMPTY },
    Core { name: "baseQ10Settings", ..EMPTY },
    Core {
        name: "q10Fixed",
        base: "baseQ10Settings",
        parameters: &[("fixedQ10", "none")],
        values: &[("q10", "fixedQ10")],
        ..EMPTY
    },
    Core {
        name: "q10ExpTemp",
        base: "baseQ10Settings",
        parameters: &[("q10Factor", "none"), ("experimentalTemp", "temperature")],
        values: &[("q10", "q10Factor ^ ((temperature - experimentalTemp) / 10)")],
        ..EMPTY
    },
    Core { name: "baseConductanceScaling", ..EMPTY },
    Core { name: "baseConductanceScalingCaDependent", base: "baseConductanceScaling", ..EMPTY },
    Core {
        name: "q10ConductanceScaling",
        base: "baseConductanceScaling",
        parameters: &[("q10Factor", "none"), ("experimentalTemp", "temperature")],
        values: &[("factor", "q10Factor ^ ((temperature - experimentalTemp) / 10)")],
        ..EMPTY
    },
    Core { name: "baseGate", parameters: INSTANCES, ..EMPTY },
    Core { name: "gate", base: "baseGate", ..EMPTY },
    Core {
        name: "gateHHrates",
        base: "gate",
        values: &[SCALE, ALPHA, BETA, BY_RATES, TAU_RATES, OPEN],
        states: &[GATE],
        ..EMPTY
    },
    Core {
        name: "gateHHtauInf",
        base: "gate",
        values: &[SCALE, BY_STEADY, UNSCALED, TAU_COURSE, OPEN],
        states: &[GATE],
        ..EMPTY
    },
    Core {
        name: "gateHHratesTau",
        base: "gate",
        values: &[SCALE, ALPHA, BETA, BY_RATES, UNSCALED, TAU_COURSE, OPEN],
        states: &[GATE],
        ..EMPTY
    },
    Core {
        name: "gateHHratesInf",
        base: "gate",
        values: &[SCALE, ALPHA, BETA, BY_STEADY, TAU_RATES, OPEN],
        states: &[GATE],
        ..EMPTY
    },
    Core {
        name: "gateHHratesTauInf",
        base: "gate",
        values: &[SCALE, ALPHA, BETA, BY_STEADY, UNSCALED, TAU_COURSE, OPEN],
        states: &[GATE],
        ..EMPTY
    },
    Core { name: "gateHHInstantaneous", base: "gate", values: &[BY_STEADY, ("q", "inf"), OPEN], ..EMPTY },
    Core { name: "gateFractional", base: "gate", values: &[SCALE, ("q", "@subGate[+]/qfrac"), OPEN], ..EMPTY },
    Core {
        name: "subGate",
        parameters: &[("fractionalConductance", "none")],
        values: &[BY_STEADY, UNSCALED, TAU_COURSE, ("qfrac", "q * fractionalConductance")],
        states: &[GATE],
        ..EMPTY
    },
    Core { name: "gateKS", base: "gate", values: &[OPEN], ..EMPTY },
    Core { name: "KSState", parameters: &[("relativeConductance", "none")], ..EMPTY },
    Core { name: "closedState", base: "KSState", values: &[("relativeConductance", "0")], ..EMPTY },
    Core { name: "openState", base: "KSState", values: &[("relativeConductance", "1")], ..EMPTY },
    Core { name: "KSTransition", ..EMPTY },
    Core { name: "forwardTransition", base: "KSTransition", values: &[("rf", "@rate/r"), ("rr", "0")], ..EMPTY },
    Core { name: "reverseTransition", base: "KSTransition", values: &[("rf", "0"), ("rr", "@rate/r")], ..EMPTY },
    Core {
        name: "tauInfTransition",
        base: "KSTransition",
        values: &[("tau", "@timeCourse/t"), ("inf", "@steadyState/x"), ("rf", "inf / tau"), ("rr", "(1 - inf) / tau")],
        ..EMPTY
    },
    Core {
        name: "vHalfTransition",
        base: "KSTransition",
        parameters: &[("vHalf", "voltage"), ("z", "none"), ("gamma", "none"), ("tau", "time"), ("tauMin", "time")],
        values: &[
            ("rf0", "exp(z * gamma * (v - vHalf) / 25.3) / tau"),
            ("rr0", "exp(-z * (1 - gamma) * (v - vHalf) / 25.3) / tau"),
            ("rf", "1 / (1 / rf0 + tauMin)"),
            ("rr", "1 / (1 / rr0 + tauMin)"),
        ],
        ..EMPTY
    },
    Core { name: "baseIonChannel", ..EMPTY },
    Core { name: "ionChannelHH", base: "baseIonChannel", values: &[("fopen", "")], ..EMPTY },
    Core { name: "ionChannel", base: "ionChannelHH", ..EMPTY },
    Core { name: "ionChannelKS", base: "ionChannelHH", ..EMPTY },
    Core { name: "ionChannelPassive", base: "ionChannelHH", ..EMPTY },
    Core { name: "ionChannelVShift", base: "ionChannelHH", ..EMPTY },
    Core { name: "concentrationModel", values: POOL, states: &[("concentration", "0", "initialConcentration")], ..EMPTY },
    Core {
        name: "decayingPoolConcentrationModel",
        base: "concentrationModel",
        parameters: &[("restingConc", "concentration"), ("decayConstant", "time"), ("shellThickness", "length")],
        values: &[("radius", "sqrt(surfaceArea / (4 * 3.14159265358979))"), SHELL],
        states: &[(
            "concentration",
            "iCa / (valence * faraday * shellVolume) - (concentration - restingConc) / decayConstant",
            "initialConcentration",
        )],
        floor: true,
    },
    Core {
        name: "fixedFactorConcentrationModel",
        base: "concentrationModel",
        parameters: &[("restingConc", "concentration"), ("decayConstant", "time"), ("rho", "rho_factor")],
        states: &[(
            "concentration",
            "iCa / surfaceArea * rho - (concentration - restingConc) / decayConstant",
            "initialConcentration",
        )],
        floor: true,
        ..EMPTY
    },
    Core {
        name: "fixedFactorConcentrationModelTraub",
        base: "concentrationModel",
        parameters: &[("restingConc", "concentration"), ("beta", "per_time"), ("phi", "rho_factor")],
        states: &[(
            "concentration",
            "iCa / surfaceArea * 1e-9 * phi - beta * (concentration - restingConc)",
            "initialConcentration",
        )],
        floor: true,
        ..EMPTY
    },
];

/// A type by its name.
pub fn core(name: &str) -> Option<&'static Core> {
    CORE.iter().find(|one| one.name == name)
}
