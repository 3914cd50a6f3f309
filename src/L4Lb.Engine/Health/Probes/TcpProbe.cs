namespace L4Lb.Engine.Health.Probes;

/// <summary>A backend that accepts a connection is well.</summary>
internal sealed class TcpProbe : IProbe
{
    public async Task<ProbeResult> RunAsync(ProbeTarget target, CancellationToken deadline)
    {
        using var connection = new ProbeConnection();
        return await connection.OpenAsync(target, deadline) ?? ProbeResult.Passed(CheckCode.L4OK);
    }
}
