using System.Net;
using L4Lb.Host.Announcing;

namespace L4Lb.Host.Tests.Announcing;

/// <summary>Notes what was decided, a word each.</summary>
internal sealed class RecordingPort : IAddressPort
{
    private readonly List<string> _done = [];

    public string? Problem { get; set; }

    public List<Claim> Conflicts { get; } = [];

    public List<string> Reasons { get; } = [];

    /// <summary>What was done since the last call.</summary>
    public string Take()
    {
        var done = string.Join(' ', _done);
        _done.Clear();
        return done;
    }

    public void Want(IPAddress address) => _done.Add("want");

    public void Release(IPAddress address) => _done.Add("release");

    public string? Put(IPAddress address)
    {
        _done.Add("put");
        return Problem;
    }

    public void Remove(IPAddress address) => _done.Add("remove");

    public void Probe(IPAddress address) => _done.Add("probe");

    public void Announce(IPAddress address) => _done.Add("announce");

    public void TellConflict(IPAddress address, Claim claim) => Conflicts.Add(claim);

    public void TellState(IPAddress address, AddressState before, AddressState after, string reason) =>
        Reasons.Add($"{after}: {reason}");
}
