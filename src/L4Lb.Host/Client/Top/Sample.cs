using L4Lb.Host.Admin;

namespace L4Lb.Host.Client.Top;

/// <summary>What an instance said of itself at one time.</summary>
/// <param name="Time">When, by a clock that only goes forward (<see cref="TimeProvider.GetTimestamp"/>).</param>
/// <param name="Status">The process.</param>
/// <param name="Services">Its service ports.</param>
/// <param name="Backends">Its backends.</param>
internal sealed record Sample(
    long Time, StatusAnswer Status, IReadOnlyList<ServiceAnswer> Services, IReadOnlyList<BackendAnswer> Backends)
{
    /// <summary>Asks.</summary>
    public static async Task<Sample> TakeAsync(AdminClient client, TimeProvider time, CancellationToken cancellation)
    {
        var status = client.GetAsync("status", AdminJson.Default.StatusAnswer, cancellation);
        var services = client.GetAsync("services", AdminJson.Default.ListAnswerServiceAnswer, cancellation);
        var backends = client.GetAsync("backends", AdminJson.Default.ListAnswerBackendAnswer, cancellation);
        await Task.WhenAll(status, services, backends);
        return new Sample(time.GetTimestamp(), await status, (await services).Items, (await backends).Items);
    }
}
