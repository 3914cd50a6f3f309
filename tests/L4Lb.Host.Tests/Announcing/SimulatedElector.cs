using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>
/// What stands behind <see cref="IAddressLeases"/>, as electors go: it renews every third of the duration, holds for the duration
/// counted from before the request, and takes what it saw unchanged for as long, by its own clock alone. What it did not see
/// does not count: after an outage the holder gets the time to renew.
/// </summary>
internal sealed class SimulatedElector(SimulatedSegment segment, SimulatedNode node)
{
    private const long PollMs = 100;

    private readonly long _patienceMs = segment.Chance.Next(0, 500);

    private bool _isWanted;
    private bool _isHolder;
    private long _heldUntilMs = -1;
    private int _seenVersion = -1;
    private SimulatedNode? _seenHolder;
    private long _seenMs;
    private long _heardMs;
    private long _nextMs;
    private int _generation;
    private LeaseState _reported;

    public void Want()
    {
        (_isWanted, _nextMs) = (true, segment.NowMs);
        _generation++;
    }

    public void Release()
    {
        if (_isHolder)
        {
            segment.Lease.Ask(node, lease => lease.TryWrite(_seenVersion, null), static _ => { });
        }

        (_isWanted, _isHolder, _heldUntilMs, _reported) = (false, false, -1, LeaseState.None);
        _generation++;
    }

    /// <summary>The process is another one, which knows nothing.</summary>
    public void Forget()
    {
        (_isWanted, _isHolder, _heldUntilMs, _seenVersion, _reported) = (false, false, -1, -1, LeaseState.None);
        _generation++;
    }

    public void Tick()
    {
        if (_isWanted && segment.NowMs >= _nextMs)
        {
            _nextMs = segment.NowMs + (_isHolder ? segment.Lease.DurationMs / 3 : PollMs);
            Look(segment.NowMs, _generation);
        }

        if (_isWanted && _isHolder)
        {
            Report(segment.NowMs < _heldUntilMs ? LeaseState.Held : LeaseState.Unconfirmed);
        }
    }

    private void Look(long askedMs, int generation)
    {
        var (seen, wrote) = (_seenVersion, false);
        segment.Lease.Ask(
            node,
            lease =>
            {
                var waitMs = _patienceMs + (_seenHolder is null ? 0 : segment.Lease.DurationMs);
                var mayWrite = _isHolder
                    ? lease.Holder == node
                    : seen == lease.Version && askedMs - _seenMs >= waitMs && askedMs - _heardMs <= segment.Lease.DurationMs / 2;
                wrote = mayWrite && generation == _generation && lease.TryWrite(lease.Version, node);
            },
            lease =>
            {
                if (generation == _generation)
                {
                    Learn(lease, wrote, askedMs);
                }
            });
    }

    private void Learn(SimulatedLease lease, bool wrote, long askedMs)
    {
        var isBack = segment.NowMs - _heardMs > segment.Lease.DurationMs / 2;
        _heardMs = segment.NowMs;
        if (lease.Version != _seenVersion || isBack)
        {
            (_seenVersion, _seenHolder, _seenMs) = (lease.Version, lease.Holder, segment.NowMs);
        }

        if (wrote)
        {
            (_isHolder, _heldUntilMs) = (true, askedMs + lease.DurationMs);
        }
        else if (_isHolder && lease.Holder != node)
        {
            _isHolder = false;
            Report(LeaseState.None);
        }
    }

    private void Report(LeaseState state)
    {
        if (state != _reported)
        {
            _reported = state;
            node.Lease(state);
        }
    }
}
