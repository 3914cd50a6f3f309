using L4Lb.K8s.Client;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Leases;

/// <summary>
/// A few candidates for one lease, and a world that treats them badly: requests and answers get lost or are very late, nodes are
/// cut off, processes pause, crash and come back, clocks differ and do not run alike. One seed, one story.
/// </summary>
internal sealed class LeaseSimulation
{
    private readonly Random _random;
    private readonly PriorityQueue<Action, (TimeSpan At, int Order)> _events = new();
    private readonly SimulatedLease _lease = new();
    private readonly LeaseTerms _terms;
    private int _scheduled;

    public LeaseSimulation(int seed, LeaseTerms terms, int candidates = 4, double drift = 0, bool withWatches = false)
    {
        _random = new(seed);
        _terms = terms;
        for (var i = 0; i < candidates; i++)
        {
            var rate = 1 + (drift * ((2 * _random.NextDouble()) - 1));
            Candidates.Add(new(this, $"node-{i}", _random.Next(1000), rate, withWatches && i % 2 == 0));
        }
    }

    public static TimeSpan LongestHealthyDelay { get; } = TimeSpan.FromMilliseconds(20);

    public TimeSpan Now { get; private set; }

    public List<Candidate> Candidates { get; } = [];

    /// <summary>Whether the world treats them badly.</summary>
    public bool IsCruel { get; set; } = true;

    /// <summary>How often the lease went to another holder.</summary>
    public int Transitions => _lease.Current?.Transitions ?? 0;

    public IEnumerable<Candidate> Holders => Candidates.Where(static c => c.Standing == LeaseStanding.Held);

    /// <summary>Goes on until a condition holds, but not beyond a time; checks the promise after every event.</summary>
    public bool Run(TimeSpan duration, Func<bool>? until = null)
    {
        var end = Now + duration;
        while (until?.Invoke() != true)
        {
            if (!_events.TryPeek(out var next, out var key) || key.At > end)
            {
                Now = end;
                return false;
            }

            _events.Dequeue();
            Now = key.At;
            next();
            Assert.True(Holders.Count() <= 1, $"at {Now}: held by {string.Join(" and ", Holders)}");
        }

        return true;
    }

    public void At(TimeSpan when, Action what) => _events.Enqueue(what, (when, _scheduled++));

    private bool Chance(double probability) => IsCruel && _random.NextDouble() < probability;

    // Mostly fast, sometimes so late that nobody waits for it any more.
    private TimeSpan Delay() =>
        Chance(0.05) ? _terms.Duration * 3 * _random.NextDouble() : LongestHealthyDelay * _random.NextDouble();

    /// <summary>One process, as long as its node exists; it may crash and start anew.</summary>
    internal sealed class Candidate
    {
        private readonly LeaseSimulation _world;
        private readonly string _name;
        private readonly TimeSpan _offset;
        private readonly double _rate;
        private readonly bool _watches;
        private LeaseState? _state;
        private TimeSpan _pausedUntil;
        private TimeSpan _cutOffUntil;
        private int _life;
        private int _turn;
        private int _asking;

        public Candidate(LeaseSimulation world, string name, int offset, double rate, bool watches)
        {
            (_world, _name, _offset, _rate, _watches) = (world, name, TimeSpan.FromSeconds(offset), rate, watches);
            Start();
        }

        public bool IsAlive => _state is not null;

        /// <summary>Whether it is giving the lease back, and does not act as its holder any more.</summary>
        public bool IsStopping { get; private set; }

        public LeaseStanding Standing => IsStopping ? LeaseStanding.Candidate : _state?.Standing(Clock) ?? LeaseStanding.Candidate;

        // Its own clock; even one that runs too fast or too slowly runs evenly.
        private TimeSpan Clock => _offset + (_world.Now * _rate);

        public void Start()
        {
            IsStopping = false;
            var options = new LeaseOptions
            {
                Name = new("kube-system", "lease"),
                Identity = _world.Chance(0.5) ? _name : $"{_name}-{_life}",
                Terms = _world._terms,
                Watch = _watches ? new NoInformer() : null,
            };
            _state = new(options, _world._random.NextDouble);
            _life++;
            Turn(++_turn);
        }

        public void Crash() => (_state, _life, _turn) = (null, _life + 1, _turn + 1);

        public override string ToString() => _name;

        private void Turn(int turn)
        {
            if (turn != _turn || _state is null)
            {
                return;
            }

            if (_pausedUntil > _world.Now)
            {
                _world.At(_pausedUntil, () => Turn(turn));
                return;
            }

            if (Suffer())
            {
                return;
            }

            var step = IsStopping ? _state.NextOfRelease(DateTimeOffset.UnixEpoch) : _state.Next(Clock, DateTimeOffset.UnixEpoch);
            if (step.Act != LeaseAct.Wait)
            {
                Ask(step);
            }
            else if (IsStopping)
            {
                ComeBackLater();
            }
            else
            {
                var wait = (step.Until - Clock) / _rate;
                _world.At(_world.Now + wait + TimeSpan.FromTicks(1), () => Turn(turn));
            }
        }

        // Returns whether it is no longer there.
        private bool Suffer()
        {
            if (_world.Chance(0.02))
            {
                _pausedUntil = _world.Now + (_world._terms.Duration * 3 * _world._random.NextDouble());
            }

            if (_world.Chance(0.02))
            {
                _cutOffUntil = _world.Now + (_world._terms.Duration * 3 * _world._random.NextDouble());
            }

            if (_world.Chance(0.01))
            {
                _world._lease.Touch();
            }

            IsStopping |= _world.Chance(0.01);
            if (!_world.Chance(0.01))
            {
                return false;
            }

            Crash();
            ComeBackLater();
            return true;
        }

        private void ComeBackLater()
        {
            Crash();
            _world.At(_world.Now + (_world._terms.Duration * _world._random.NextDouble()), Start);
        }

        private void Ask(LeaseStep step)
        {
            var (sent, life, turn) = (Clock, _life, _asking = ++_turn);
            var left = _state!.HeldUntil - sent;
            var patience = _world._terms.RenewDeadline / 2;
            patience = _state.Standing(sent) == LeaseStanding.Held && left < patience ? left : patience;
            _world.At(_world.Now + (patience / _rate), () => Answer(new ApiStatus(0, ApiStatus.Unreachable, "timeout"), step, sent, life, turn));
            if (_cutOffUntil > _world.Now || _world.Chance(0.1))
            {
                return;
            }

            if (_world.Chance(0.05))
            {
                var busy = new ApiStatus(429, "TooManyRequests", "busy") { RetryAfter = TimeSpan.FromSeconds(_world._random.Next(5)) };
                _world.At(_world.Now + _world.Delay(), () => Answer(busy, step, sent, life, turn));
                return;
            }

            _world.At(_world.Now + _world.Delay(), () =>
            {
                var before = _world._lease.Current;
                var answer = _world._lease.Do(step);
                if (_world._lease.Current is { } now && !ReferenceEquals(now, before))
                {
                    _world.Candidates.ForEach(c => c.Watch(now));
                }

                if (!_world.Chance(0.1))
                {
                    _world.At(_world.Now + _world.Delay(), () => Answer(answer, step, sent, life, turn));
                }
            });
        }

        private void Answer(object answer, LeaseStep step, TimeSpan sent, int life, int turn)
        {
            if (turn != _turn || life != _life || _state is null)
            {
                return;
            }

            if (_pausedUntil > _world.Now)
            {
                _world.At(_pausedUntil, () => Answer(answer, step, sent, life, turn));
                return;
            }

            switch (answer)
            {
                case ApiStatus status:
                    _state.Failed(step.Act, status, Clock);
                    break;
                case Lease lease when step.Act == LeaseAct.Read:
                    _state.Seen(lease, Clock);
                    break;
                case Lease lease:
                    _state.Written(lease, sent, Clock);
                    break;
            }

            Turn(++_turn);
        }

        // A watch may be late, or break for a while; it tells everything in its order.
        private void Watch(Lease lease)
        {
            if (!_watches || _cutOffUntil > _world.Now)
            {
                return;
            }

            var life = _life;
            _world.At(_world.Now + LongestHealthyDelay, () =>
            {
                if (life == _life && _state is not null && _pausedUntil <= _world.Now && _state.Watched(lease, Clock) && _asking != _turn)
                {
                    Turn(++_turn);
                }
            });
        }
    }
}
