using L4Lb.K8s.Client;
using L4Lb.K8s.Leases;
using L4Lb.K8s.Objects;

namespace L4Lb.K8s.Tests.Leases;

public sealed class LeaseStateTests
{
    private static readonly DateTimeOffset s_utc = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    private static readonly ApiStatus s_unreachable = new(0, ApiStatus.Unreachable, "no route to host");

    private TimeSpan _delay;

    [Fact]
    public void It_looks_before_it_does_anything()
    {
        var state = State();
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(0), s_utc).Act);
        Assert.Equal(LeaseStanding.Candidate, state.Standing(Seconds(0)));
    }

    [Fact]
    public void A_lease_that_is_not_there_is_created()
    {
        var state = State();
        state.Failed(LeaseAct.Read, new(404, "NotFound", ""), Seconds(1));
        var step = state.Next(Seconds(1), s_utc);
        Assert.Equal(LeaseAct.Create, step.Act);
        Assert.Equal(
            new Lease
            {
                Metadata = new() { Name = "lease", Namespace = "system", Labels = new ObjectMeta().Labels.SetItem("a", "b") },
                Holder = "me",
                Duration = Seconds(15),
                AcquireTime = s_utc,
                RenewTime = s_utc,
            },
            step.Lease);
        Assert.Null(state.Problem);
    }

    [Fact]
    public void Whoever_creates_it_too_late_looks_at_once_and_then_from_time_to_time()
    {
        var state = State();
        state.Failed(LeaseAct.Read, new(404, "NotFound", ""), Seconds(1));
        state.Failed(LeaseAct.Create, new(409, "AlreadyExists", ""), Seconds(1));
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(1), s_utc).Act);
        state.Failed(LeaseAct.Read, new(404, "NotFound", ""), Seconds(1));
        state.Failed(LeaseAct.Create, new(409, "AlreadyExists", ""), Seconds(1));
        Waits(state, 1, until: 3);
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(3), s_utc).Act);
    }

    [Fact]
    public void A_lease_that_nobody_holds_is_replaced_and_not_created()
    {
        var state = State();
        var free = Lease("", 7) with { Transitions = 3 };
        state.Seen(free, Seconds(1));
        var step = state.Next(Seconds(1), s_utc);
        Assert.Equal(LeaseAct.Replace, step.Act);
        Assert.Equal(free with { Holder = "me", Duration = Seconds(15), AcquireTime = s_utc, RenewTime = s_utc, Transitions = 4 }, step.Lease);
        Assert.Equal("7", step.Lease!.Metadata.ResourceVersion);
    }

    [Theory]
    [InlineData(null, 15)]
    [InlineData(0, 15)]
    [InlineData(40, 40)]
    [InlineData(4, 4)]
    public void Somebody_else_is_waited_for_as_long_as_they_promised_or_else_as_we_would(int? promised, int waits)
    {
        var state = State();
        var lease = Lease("other", 7) with { Duration = promised is { } seconds ? Seconds(seconds) : null };
        state.Seen(lease, Seconds(1));
        for (var now = 1; now < 1 + waits; now++)
        {
            Assert.NotEqual(LeaseAct.Replace, state.Next(Seconds(now), s_utc).Act);
            state.Seen(lease, Seconds(now));
        }

        Assert.Equal("other", state.Holder);
        Assert.Equal(LeaseAct.Replace, state.Next(Seconds(1 + waits), s_utc).Act);
    }

    [Fact]
    public void A_renewal_that_is_seen_starts_the_wait_anew_whatever_its_times_say()
    {
        var state = State();
        state.Seen(Lease("other", 7) with { RenewTime = s_utc.AddYears(-1) }, Seconds(0));
        state.Seen(Lease("other", 8) with { RenewTime = s_utc.AddYears(-2) }, Seconds(14));
        Assert.NotEqual(LeaseAct.Replace, state.Next(Seconds(28.9), s_utc).Act);
        Assert.Equal(LeaseAct.Replace, state.Next(Seconds(29), s_utc).Act);
    }

    [Fact]
    public void Between_looks_it_waits_for_a_retry_period_but_not_beyond_the_end_of_the_lease()
    {
        var state = State();
        state.Seen(Lease("other", 7), Seconds(0));
        Waits(state, 0, until: 2);
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(2), s_utc).Act);
        state.Seen(Lease("other", 7), Seconds(14));
        Waits(state, 14, until: 15);
    }

    [Fact]
    public void A_lease_with_our_own_name_is_taken_at_once_and_is_no_transition()
    {
        var state = State();
        _delay = Seconds(5);
        state.Seen(Lease("me", 7) with { Transitions = 3, AcquireTime = s_utc.AddDays(-1) }, Seconds(1));
        Assert.Equal(LeaseStanding.Candidate, state.Standing(Seconds(1)));
        var step = state.Next(Seconds(1), s_utc);
        Assert.Equal((LeaseAct.Replace, 3, s_utc.AddDays(-1)), (step.Act, step.Lease!.Transitions, step.Lease.AcquireTime));
    }

    [Fact]
    public void A_free_lease_is_left_to_others_for_as_long_as_is_said()
    {
        var state = State();
        state.Seen(Lease("", 7), Seconds(1));
        _delay = Seconds(0.5);
        Waits(state, 1, until: 1.5);
        _delay = Timeout.InfiniteTimeSpan;
        Waits(state, 1.5, until: 3);
        _delay = Seconds(0.2);
        Assert.Equal(LeaseAct.Replace, state.Next(Seconds(1.5), s_utc).Act);

        state.Failed(LeaseAct.Read, new(404, "NotFound", ""), Seconds(10));
        Waits(state, 10, until: 10.2);
        state.Failed(LeaseAct.Read, new(404, "NotFound", ""), Seconds(10.1));
        Assert.Equal(LeaseAct.Create, state.Next(Seconds(10.2), s_utc).Act);

        state.Seen(Lease("other", 8), Seconds(20));
        state.Seen(Lease("other", 8), Seconds(34));
        Waits(state, 34, until: 35.2);
    }

    [Fact]
    public void A_holder_holds_from_the_moment_at_which_it_sent_its_renewal()
    {
        var state = State();
        state.Written(Lease("me", 7), sent: Seconds(1), now: Seconds(4));
        Assert.Equal(LeaseStanding.Held, state.Standing(Seconds(10.9)));
        Assert.Equal(LeaseStanding.Unconfirmed, state.Standing(Seconds(11)));
        Assert.Equal(Seconds(11), state.HeldUntil);
        Waits(state, 2, until: 3);
        Assert.Equal((LeaseAct.Replace, "7"), (state.Next(Seconds(4), s_utc).Act, state.Next(Seconds(4), s_utc).Lease!.Metadata.ResourceVersion));
    }

    [Fact]
    public void A_holder_that_is_not_answered_goes_on_trying_and_holds_it_again_once_it_is()
    {
        var state = Holder();
        for (var now = 2.0; now < 600; now += 2)
        {
            Assert.Equal(LeaseAct.Replace, state.Next(Seconds(now), s_utc).Act);
            state.Failed(LeaseAct.Replace, s_unreachable, Seconds(now));
            Waits(state, now, until: now + 2);
        }

        Assert.Equal(LeaseStanding.Unconfirmed, state.Standing(Seconds(600)));
        Assert.Equal(s_unreachable, state.Problem);
        state.Written(Lease("me", 8), Seconds(600), Seconds(600.1));
        Assert.Equal((LeaseStanding.Held, null), (state.Standing(Seconds(600.1)), state.Problem));
    }

    [Fact]
    public void A_conflict_is_looked_into_and_only_another_name_means_that_it_is_lost()
    {
        var state = Holder();
        state.Failed(LeaseAct.Replace, new(409, "Conflict", ""), Seconds(2));
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(2), s_utc).Act);
        state.Seen(Lease("me", 8), Seconds(2));
        Assert.Equal(LeaseStanding.Held, state.Standing(Seconds(2)));
        Assert.Equal("8", state.Next(Seconds(2), s_utc).Lease!.Metadata.ResourceVersion);

        state.Failed(LeaseAct.Replace, new(409, "Conflict", ""), Seconds(2));
        state.Seen(Lease("other", 9), Seconds(2.1));
        Assert.Equal((LeaseStanding.Candidate, "other"), (state.Standing(Seconds(2.1)), state.Holder));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_lease_that_was_deleted_is_lost(bool isSeenByLooking)
    {
        var state = Holder();
        state.Failed(isSeenByLooking ? LeaseAct.Read : LeaseAct.Replace, new(404, "NotFound", ""), Seconds(2));
        Assert.Equal((LeaseStanding.Candidate, ""), (state.Standing(Seconds(2)), state.Holder));
        Assert.Equal(LeaseAct.Create, state.Next(Seconds(2), s_utc).Act);
    }

    [Fact]
    public void A_lease_whose_name_somebody_took_out_is_lost()
    {
        var state = Holder();
        state.Failed(LeaseAct.Replace, new(409, "Conflict", ""), Seconds(2));
        state.Seen(Lease("", 9), Seconds(2));
        Assert.Equal(LeaseStanding.Candidate, state.Standing(Seconds(2)));
    }

    [Fact]
    public void Candidates_do_as_the_server_asks_and_holders_as_far_as_they_can()
    {
        var busy = new ApiStatus(429, "TooManyRequests", "") { RetryAfter = Seconds(30) };
        var candidate = State();
        candidate.Failed(LeaseAct.Read, busy, Seconds(0));
        Waits(candidate, 0, until: 30);

        var holder = Holder();
        holder.Failed(LeaseAct.Replace, busy, Seconds(2));
        Waits(holder, 2, until: 6); // Half of what is left until 10.
        holder.Failed(LeaseAct.Replace, busy with { RetryAfter = Seconds(1) }, Seconds(6));
        Waits(holder, 6, until: 8);
    }

    [Fact]
    public void Whoever_lost_sight_of_the_server_waits_anew_but_once()
    {
        var state = State();
        state.Seen(Lease("other", 7), Seconds(0));
        state.Failed(LeaseAct.Read, s_unreachable, Seconds(2));
        state.Failed(LeaseAct.Read, s_unreachable, Seconds(600));
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(602), s_utc).Act);
        state.Seen(Lease("other", 7), Seconds(602));
        Waits(state, 602, until: 604);

        state.Failed(LeaseAct.Read, s_unreachable, Seconds(604));
        state.Seen(Lease("other", 7), Seconds(606));
        Waits(state, 616, until: 617, looks: true);
        Assert.Equal(LeaseAct.Replace, state.Next(Seconds(617), s_utc).Act);
    }

    [Fact]
    public void What_is_given_back_is_free_for_the_next_who_looks()
    {
        var state = Holder();
        var step = state.NextOfRelease(s_utc);
        Assert.Equal((LeaseAct.Replace, "", Seconds(1), s_utc), (step.Act, step.Lease!.Holder, step.Lease.Duration, step.Lease.RenewTime));
        state.Written(step.Lease, Seconds(3), Seconds(3));
        Assert.Equal(LeaseStanding.Candidate, state.Standing(Seconds(3)));
        Assert.Equal(LeaseAct.Wait, state.NextOfRelease(s_utc).Act);
    }

    [Fact]
    public void What_may_be_ours_without_our_knowing_is_looked_at_before_it_is_given_back()
    {
        var state = State();
        state.Seen(Lease("", 7), Seconds(0));
        state.Abandoned(LeaseAct.Replace);
        Assert.Equal(LeaseAct.Read, state.NextOfRelease(s_utc).Act);
        state.Seen(Lease("me", 8), Seconds(1));
        Assert.Equal((LeaseAct.Replace, "8"), (state.NextOfRelease(s_utc).Act, state.NextOfRelease(s_utc).Lease!.Metadata.ResourceVersion));

        var other = State();
        other.Seen(Lease("", 7), Seconds(0));
        other.Failed(LeaseAct.Replace, s_unreachable, Seconds(1));
        other.Seen(Lease("other", 8), Seconds(1));
        Assert.Equal(LeaseAct.Wait, other.NextOfRelease(s_utc).Act);
    }

    [Fact]
    public void A_candidate_that_is_told_of_changes_looks_only_once_in_a_duration()
    {
        var state = State(new NoInformer());
        state.Seen(Lease("other", 7), Seconds(0));
        for (var now = 0; now < 14; now++)
        {
            Assert.False(state.Watched(Lease("other", 8 + now), Seconds(now)));
            Waits(state, now, until: 15);
        }

        Assert.Equal(LeaseAct.Read, state.Next(Seconds(15), s_utc).Act);
        state.Seen(Lease("other", 21), Seconds(15));
        Waits(state, 15, until: 28); // The last change was seen at 13.
        Assert.Equal("21", state.Next(Seconds(28), s_utc).Lease!.Metadata.ResourceVersion);
        Assert.True(state.Watched(Lease("", 22), Seconds(16)));
        Assert.Equal("22", state.Next(Seconds(16), s_utc).Lease!.Metadata.ResourceVersion);
        Assert.True(state.Watched(null, Seconds(17)) || state.Holder.Length == 0);
    }

    [Fact]
    public void A_holder_believes_no_old_news_but_looks()
    {
        var state = Holder();
        Assert.False(state.Watched(Lease("me", 6), Seconds(1)));
        Waits(state, 1, until: 2);
        Assert.True(state.Watched(Lease("other", 5), Seconds(1)));
        Assert.Equal(LeaseStanding.Held, state.Standing(Seconds(1)));
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(1), s_utc).Act);
        state.Seen(Lease("me", 7), Seconds(1));
        Waits(state, 1, until: 2);
        Assert.True(state.Watched(null, Seconds(1)));
        Assert.Equal(LeaseAct.Read, state.Next(Seconds(1), s_utc).Act);
    }

    [Theory]
    [InlineData(15, 10, 2, true)]
    [InlineData(3, 2, 0.5, true)]
    [InlineData(10, 10, 2, false)]
    [InlineData(15, 2.4, 2, false)]
    [InlineData(15, 10, 0, false)]
    public void Times_have_to_leave_room_for_each_other(double duration, double deadline, double retry, bool isValid)
    {
        var terms = new LeaseTerms { Duration = Seconds(duration), RenewDeadline = Seconds(deadline), RetryPeriod = Seconds(retry) };
        Assert.Equal(isValid, terms.Problem is null);
        var options = new LeaseOptions { Name = new("a", "b"), Identity = "me", Terms = terms };
        if (!isValid)
            Assert.Throws<ArgumentException>(() => new LeaseState(options, static () => 0));
    }

    [Fact]
    public void Dice_make_pauses_longer_by_up_to_a_fifth()
    {
        var options = new LeaseOptions { Name = new("a", "b"), Identity = "me" };
        var state = new LeaseState(options, static () => 1);
        state.Seen(Lease("other", 7), Seconds(0));
        Waits(state, 0, until: 2.4);
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private static Lease Lease(string holder, int version) => new()
    {
        Metadata = new() { Name = "lease", Namespace = "system", ResourceVersion = $"{version}", Uid = "1" },
        Holder = holder,
        Duration = Seconds(15),
    };

    private static void Waits(LeaseState state, double now, double until, bool looks = false)
    {
        var step = state.Next(Seconds(now), s_utc);
        if (looks && step.Act == LeaseAct.Read)
        {
            state.Seen(Lease(state.Holder, 7), Seconds(now));
            step = state.Next(Seconds(now), s_utc);
        }

        Assert.Equal((LeaseAct.Wait, Seconds(until)), (step.Act, step.Until));
    }

    private LeaseState State(NoInformer? watch = null) => new(
        new()
        {
            Name = new("system", "lease"),
            Identity = "me",
            Labels = new ObjectMeta().Labels.SetItem("a", "b"),
            Delay = () => _delay,
            Watch = watch,
        },
        static () => 0);

    private LeaseState Holder()
    {
        var state = State();
        state.Written(Lease("me", 7), Seconds(0), Seconds(0));
        return state;
    }
}
