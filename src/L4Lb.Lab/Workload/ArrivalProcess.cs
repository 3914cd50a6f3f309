namespace L4Lb.Lab.Workload;

/// <summary>When requests come that wait for nobody (open loop): a sequence of times. For one thread.</summary>
public abstract class ArrivalProcess
{
    /// <summary>The process that <paramref name="spec"/> asks for.</summary>
    /// <param name="spec">What is asked; not closed-loop.</param>
    /// <param name="rate">Requests per second on average.</param>
    /// <param name="dice">Decides.</param>
    public static ArrivalProcess Create(ArrivalSpec spec, double rate, Dice dice) => spec switch
    {
        EvenArrivals => new Even(rate),
        BurstArrivals bursts => new Bursts(bursts, rate, dice),
        DiurnalArrivals diurnal => new Diurnal(diurnal, rate, dice),
        PoissonArrivals => new Poisson(rate, dice),
        LoggedArrivals logged => new Logged(logged.Trace, logged.Trace.Rate / rate),
        ReplayedArrivals replayed => new Replayed(replayed.Trace),
        _ => throw new ArgumentOutOfRangeException(nameof(spec)),
    };

    /// <summary>
    /// When the next request comes, in seconds from the start; never less than the one before, and infinity after the last.
    /// </summary>
    public abstract double Next();

    private sealed class Poisson(double rate, Dice dice) : ArrivalProcess
    {
        private readonly double _gap = 1 / rate;
        private Dice _dice = dice;
        private double _at;

        public override double Next() => _at -= _gap * Math.Log(_dice.NextUnit());
    }

    private sealed class Even(double rate) : ArrivalProcess
    {
        private long _count;

        // Not by adding, which would add up the rounding.
        public override double Next() => ++_count / rate;
    }

    private sealed class Logged(Trace trace, double stretch) : ArrivalProcess
    {
        private long _next;

        public override double Next() => stretch * trace.TimeOf(_next++);
    }

    private sealed class Replayed(Trace trace) : ArrivalProcess
    {
        private int _next;

        public override double Next() => _next < trace.Count ? trace.TimeOf(_next++) : double.PositiveInfinity;
    }

    /// <summary>A Poisson process that changes between two rates (Markov-modulated where the lengths are random).</summary>
    private sealed class Bursts : ArrivalProcess
    {
        private readonly BurstArrivals _spec;
        private readonly (double High, double Low) _rates;
        private Dice _dice;
        private double _at;
        private double _until;
        private bool _isHigh;

        internal Bursts(BurstArrivals spec, double rate, Dice dice)
        {
            (_spec, _dice) = (spec, dice);
            _rates = (rate * spec.Peak, rate * spec.LowOfMean);
            _until = Length(spec.Off);
        }

        public override double Next()
        {
            // In units of the mean gap, which the rate then stretches: without memory, so a change may come between.
            var left = -Math.Log(_dice.NextUnit());
            while (true)
            {
                var rate = _isHigh ? _rates.High : _rates.Low;
                if (rate * (_until - _at) >= left)
                {
                    return _at += left / rate;
                }

                left -= rate * (_until - _at);
                _at = _until;
                _isHigh = !_isHigh;
                _until += Length(_isHigh ? _spec.On : _spec.Off);
            }
        }

        private double Length(double mean) => _spec.IsRegular ? mean : -mean * Math.Log(_dice.NextUnit());
    }

    /// <summary>A Poisson process whose rate is a wave, by thinning (Lewis, Shedler, 1979).</summary>
    private sealed class Diurnal(DiurnalArrivals spec, double rate, Dice dice) : ArrivalProcess
    {
        private readonly double _most = rate * (1 + spec.Amplitude);
        private Dice _dice = dice;
        private double _at;

        public override double Next()
        {
            do
            {
                _at -= Math.Log(_dice.NextUnit()) / _most;
            }
            while (_dice.NextUnit() * _most > rate * spec.FactorAt(_at));

            return _at;
        }
    }
}
