using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;
using L4Lb.Testing;

namespace L4Lb.K8s.Tests.Leases;

public sealed class LeaseElectorTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private readonly LeaseApi _api = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<LeaseStanding> _standings = [];
    private readonly List<LeaseElector> _electors = [];
    private readonly List<Task> _running = [];
    private int _leading;
    private int _tenures;
    private TaskCompletionSource _mayReturn = new();
    private TaskCompletionSource _mayEnd = new();

    public ValueTask InitializeAsync()
    {
        _mayReturn.SetResult();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        _api.Before = LeaseApi.Refuses(503, "Over");
        _mayReturn.TrySetResult();
        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        _electors.ForEach(static e => e.Dispose());
        _stop.Dispose();
    }

    [Fact]
    public async Task It_takes_renews_and_gives_back()
    {
        var elector = Start();
        await LeadsAsync();
        Assert.Equal(["Read", "Create me"], _api.Requests);
        Assert.Equal((LeaseStanding.Held, "me", null), (elector.Status.Standing, elector.Status.Holder, elector.Status.Problem));
        Assert.Equal(TimeSpan.FromSeconds(2), elector.HeldFor);
        for (var i = 0; i < 20; i++)
        {
            await PassAsync(0.5, requests: 3 + i);
        }

        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(10), _api.Lease!.RenewTime);
        Assert.Equal((DateTimeOffset.UnixEpoch, 0, TimeSpan.FromSeconds(3)), (_api.Lease.AcquireTime, _api.Lease.Transitions, _api.Lease.Duration));
        Assert.Equal(1, _tenures);

        await _stop.CancelAsync();
        await Task.WhenAll(_running);
        Assert.Equal("Replace", _api.Requests[^1]);
        Assert.Equal(("", 1), (_api.Lease.Holder, _standings.Count(static s => s == LeaseStanding.Held)));
        Assert.Equal((LeaseStanding.Candidate, TimeSpan.Zero), (elector.Status.Standing, elector.HeldFor));
    }

    [Fact]
    public async Task It_is_given_back_only_after_the_holder_has_returned()
    {
        _mayReturn = new();
        Start();
        await LeadsAsync();
        await _stop.CancelAsync();
        await Eventually.EqualsAsync(0, () => Volatile.Read(ref _leading), "leading");
        _time.Advance(TimeSpan.FromSeconds(0.6));
        Assert.False(_running[0].IsCompleted);
        Assert.Equal("me", _api.Lease!.Holder);
        _mayReturn.SetResult();
        await _running[0];
        Assert.Equal("", _api.Lease.Holder);
    }

    [Fact]
    public async Task A_holder_that_is_done_gives_back_and_does_not_compete_again()
    {
        Start();
        await LeadsAsync();
        _mayEnd.SetResult();
        await _running[0];
        Assert.Equal("", _api.Lease!.Holder);
        Assert.Equal(1, _tenures);
    }

    [Fact]
    public async Task What_the_holder_throws_is_thrown_after_giving_back()
    {
        using var elector = new LeaseElector(_api, Options("me"), _time, static () => 0);
        var thrown = await Assert.ThrowsAsync<InvalidDataException>(
            () => elector.RunAsync(static _ => throw new InvalidDataException("oops"), _stop.Token));
        Assert.Equal("oops", thrown.Message);
        Assert.Equal("", _api.Lease!.Holder);
    }

    [Fact]
    public async Task At_the_deadline_leading_ends_and_the_request_on_its_way_is_cancelled()
    {
        var cancelled = 0;
        var elector = Start();
        await LeadsAsync();
        _api.Before = async (_, cancellation) =>
        {
            await using var registration = cancellation.Register(() => Interlocked.Increment(ref cancelled));
            await LeaseApi.Hangs(LeaseAct.Replace, cancellation);
        };
        await PassAsync(0.5, requests: 3);
        await PassAsync(1, requests: 3);
        await Eventually.EqualsAsync(1, () => Volatile.Read(ref cancelled), "cancelled requests");
        Assert.Equal(1, Volatile.Read(ref _leading));
        await PassAsync(0.5 - 1e-7, requests: 3);
        Assert.Equal(1, Volatile.Read(ref _leading));
        await PassAsync(1e-7, requests: 3);
        await Eventually.EqualsAsync(0, () => Volatile.Read(ref _leading), "leading");
        await Eventually.EqualsAsync(LeaseStanding.Unconfirmed, () => elector.Status.Standing, "standing");

        // Nobody else took it: with the next renewal it is ours again, and we lead again.
        _api.Before = static (_, _) => Task.CompletedTask;
        await AdvanceUntilAsync(() => Volatile.Read(ref _leading) == 1);
        Assert.Equal((LeaseStanding.Held, 2), (elector.Status.Standing, _tenures));
        Assert.Equal(0, _api.Lease!.Transitions);
    }

    [Fact]
    public async Task A_request_that_ignores_its_cancellation_does_not_prolong_the_tenure()
    {
        Start();
        await LeadsAsync();
        var answer = new TaskCompletionSource();
        _api.Before = (_, _) => answer.Task;
        await PassAsync(0.5, requests: 3);
        await PassAsync(1.5, requests: 3);
        await Eventually.EqualsAsync(0, () => Volatile.Read(ref _leading), "leading");
        answer.SetResult();
    }

    [Fact]
    public async Task Another_name_in_the_Lease_ends_leading_at_once()
    {
        var elector = Start();
        await LeadsAsync();
        _api.Change(static l => l with { Holder = "other" });
        await PassAsync(0.5, requests: 4);
        await Eventually.EqualsAsync(0, () => Volatile.Read(ref _leading), "leading");
        await Eventually.EqualsAsync((LeaseStanding.Candidate, "other"), () => (elector.Status.Standing, elector.Status.Holder), "status");
        Assert.Equal("Read", _api.Requests[^1]);
        await AdvanceUntilAsync(() => Volatile.Read(ref _leading) == 1);
        Assert.Equal(1, _api.Lease!.Transitions);
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(3.5), _api.Lease.RenewTime);
    }

    [Fact]
    public async Task Who_leads_unconfirmed_goes_on_while_nobody_answers_and_is_told_so()
    {
        var elector = Start(static o => o with { LeadsUnconfirmed = true });
        await LeadsAsync();
        _api.Before = LeaseApi.Refuses(0, "Unreachable");
        await AdvanceUntilAsync(() => elector.Status.Standing == LeaseStanding.Unconfirmed);
        Assert.InRange(elector.Status.Since, DateTimeOffset.UnixEpoch.AddSeconds(2), DateTimeOffset.UnixEpoch.AddSeconds(2.05));
        Assert.Equal(("me", "it says Unreachable"), (elector.Status.Holder, elector.Status.Problem));
        await AdvanceUntilAsync(() => _time.GetUtcNow() > DateTimeOffset.UnixEpoch.AddSeconds(15));
        Assert.Equal((1, 1), (Volatile.Read(ref _leading), _tenures));

        _api.Before = static (_, _) => Task.CompletedTask;
        await AdvanceUntilAsync(() => elector.Status.Standing == LeaseStanding.Held);
        _api.Before = LeaseApi.Refuses(500, "InternalError");
        await AdvanceUntilAsync(() => elector.Status.Standing == LeaseStanding.Unconfirmed);
        _api.Change(static l => l with { Holder = "other" });
        _api.Before = static (_, _) => Task.CompletedTask;
        await AdvanceUntilAsync(() => Volatile.Read(ref _leading) == 0);
        Assert.Equal(1, _tenures);
        lock (_standings)
            Assert.Equal(
                [LeaseStanding.Held, LeaseStanding.Unconfirmed, LeaseStanding.Held, LeaseStanding.Unconfirmed, LeaseStanding.Candidate],
                _standings);
    }

    [Fact]
    public async Task A_tenure_does_not_begin_with_what_is_left_of_the_one_before()
    {
        _mayReturn = new();
        var elector = Start();
        await LeadsAsync();
        _api.Before = LeaseApi.Refuses(0, "Unreachable");
        await AdvanceUntilAsync(() => elector.Status.Standing == LeaseStanding.Unconfirmed);
        _mayReturn.SetResult();
        await AdvanceUntilAsync(() => _time.GetUtcNow() > DateTimeOffset.UnixEpoch.AddSeconds(10));
        Assert.Equal(1, _tenures);
    }

    [Fact]
    public async Task An_answer_that_was_lost_is_made_up_for()
    {
        var losses = 0;
        _api.After = (act, cancellation) => act != LeaseAct.Read && losses++ < 2 ? LeaseApi.Hangs(act, cancellation) : Task.CompletedTask;
        Start();
        await AdvanceUntilAsync(() => Volatile.Read(ref _leading) == 1);
        Assert.Equal(["Read", "Create me", "Read", "Replace me", "Read", "Replace me"], _api.Requests);
        Assert.Equal(0, _api.Lease!.Transitions);
    }

    [Fact]
    public async Task A_claim_on_its_way_when_the_end_comes_is_given_back_too()
    {
        _api.After = static (act, cancellation) => act == LeaseAct.Create ? LeaseApi.Hangs(act, cancellation) : Task.CompletedTask;
        Start();
        await Eventually.EqualsAsync("me", () => _api.Lease?.Holder, "holder");
        await _stop.CancelAsync();
        await _running[0];
        Assert.Equal("", _api.Lease!.Holder);
        Assert.Equal(0, _tenures);
    }

    [Fact]
    public async Task The_end_is_not_held_up_for_long_by_a_server_that_does_not_answer()
    {
        Start();
        await LeadsAsync();
        _api.Before = LeaseApi.Hangs;
        await _stop.CancelAsync();
        await AdvanceUntilAsync(() => _running[0].IsCompleted);
        Assert.InRange(_time.GetUtcNow(), DateTimeOffset.UnixEpoch.AddSeconds(1), DateTimeOffset.UnixEpoch.AddSeconds(1.1));
    }

    [Fact]
    public async Task Of_two_the_preferred_one_gets_a_free_lease_and_the_other_after_it()
    {
        var delay = TimeSpan.FromSeconds(5);
        var shy = Start(o => o with { Identity = "shy", Delay = () => delay });
        await Eventually.EqualsAsync(1, () => _api.Requests.Count, "requests");
        await AdvanceUntilAsync(() => _time.GetUtcNow() >= DateTimeOffset.UnixEpoch.AddSeconds(1));
        Start();
        await LeadsAsync();
        Assert.Equal("me", _api.Lease!.Holder);
        await AdvanceUntilAsync(() => shy.Status.Holder == "me");

        _mayEnd.SetResult();
        await _running[1];
        _mayEnd = new();
        await AdvanceUntilAsync(() => shy.Status.Holder.Length == 0);
        delay = TimeSpan.Zero;
        shy.Reconsider();
        await LeadsAsync();
        Assert.Equal(("shy", 1), (_api.Lease.Holder, _api.Lease.Transitions));
    }

    [Fact]
    public async Task A_candidate_that_is_told_takes_what_is_free_at_once()
    {
        _api.Create(new() { Metadata = new() { Name = "lease", Namespace = "system" }, Holder = "other", Duration = TimeSpan.FromSeconds(30) });
        var leases = new NoInformer();
        Start(o => o with { Watch = leases });
        await Eventually.EqualsAsync(1, () => _time.TimersWaiting, "timers");
        var before = _api.Lease!;
        _api.Change(static l => l with { Holder = "" });
        leases.Tell(null, new Lease { Metadata = new() { Name = "unrelated", Namespace = "system" } });
        Assert.Single(_api.Requests);
        leases.Tell(before, _api.Lease);
        await LeadsAsync();
        Assert.Equal(["Read", "Replace me"], _api.Requests);

        leases.Tell(_api.Lease, null);
        await Eventually.EqualsAsync("Read", () => _api.Requests[^1], "last request");
        Assert.Equal(1, Volatile.Read(ref _leading));
    }

    [Fact]
    public async Task A_hundred_leases_are_held_by_one_process_without_a_thread_each()
    {
        // On one server each: what is tried is the electors.
        var servers = Enumerable.Range(0, 100).Select(static _ => new LeaseApi()).ToList();
        foreach (var server in servers)
        {
            Start(api: server);
        }

        await Eventually.EqualsAsync(100, () => Volatile.Read(ref _leading), "leading");
        for (var i = 0; i < 10; i++)
        {
            await Eventually.EqualsAsync(200, () => _time.TimersWaiting, "timers"); // The next renewal and the deadline.
            _time.Advance(TimeSpan.FromSeconds(0.5));
            var requests = 3 + i;
            await Eventually.HoldsAsync(() => servers.TrueForAll(s => s.Requests.Count == requests), () => "not all have renewed");
        }

        Assert.Equal((100, 100), (Volatile.Read(ref _leading), _tenures));
    }

    private static LeaseOptions Options(string identity) => new()
    {
        Name = new("system", "lease"),
        Identity = identity,
        Terms = new()
        {
            Duration = TimeSpan.FromSeconds(3),
            RenewDeadline = TimeSpan.FromSeconds(2),
            RetryPeriod = TimeSpan.FromSeconds(0.5),
        },
    };

    private LeaseElector Start(Func<LeaseOptions, LeaseOptions>? with = null, LeaseApi? api = null)
    {
        var options = Options("me");
        var elector = new LeaseElector(api ?? _api, with?.Invoke(options) ?? options, _time, static () => 0);
        elector.Changed += status =>
        {
            lock (_standings)
            {
                if (_standings.Count == 0 ? status.Standing != LeaseStanding.Candidate : _standings[^1] != status.Standing)
                    _standings.Add(status.Standing);
            }
        };
        _electors.Add(elector);
        _running.Add(elector.RunAsync(LeadAsync, _stop.Token));
        return elector;
    }

    private async Task LeadAsync(CancellationToken lost)
    {
        Interlocked.Increment(ref _leading);
        Interlocked.Increment(ref _tenures);
        try
        {
            await _mayEnd.Task.WaitAsync(lost);
        }
        finally
        {
            Interlocked.Decrement(ref _leading);
            await _mayReturn.Task;
        }
    }

    private Task LeadsAsync() => Eventually.EqualsAsync(1, () => Volatile.Read(ref _leading), "leading");

    /// <summary>Lets time pass once somebody waits for it, and then requests be made.</summary>
    private async Task PassAsync(double seconds, int requests)
    {
        await Eventually.HoldsAsync(() => _time.TimersWaiting >= 2, () => "nobody waits");
        _time.Advance(TimeSpan.FromSeconds(seconds));
        await Eventually.EqualsAsync(requests, () => _api.Requests.Count, "requests");
    }

    /// <summary>Lets time pass, little by little.</summary>
    private Task AdvanceUntilAsync(Func<bool> condition) => Eventually.HoldsAsync(
        () =>
        {
            if (condition())
                return true;

            _time.Advance(TimeSpan.FromMilliseconds(50));
            return false;
        },
        () => $"not by {_time.GetUtcNow():HH:mm:ss.fff}: {string.Join(", ", _api.Requests.TakeLast(10))}");
}
