namespace L4Lb.Host.Explain;

/// <summary>An explanation for people.</summary>
internal static class ExplanationText
{
    /// <summary>Writes <paramref name="explanation"/>, the outcome first.</summary>
    public static void Write(Explanation explanation, TextWriter output)
    {
        output.WriteLine($"{explanation.Client} -> {explanation.To}: {explanation.Summary}");
        foreach (var nearby in explanation.Nearby)
        {
            output.WriteLine($"  but {nearby}");
        }

        if (explanation.Service is { } service)
        {
            WriteService(service, output);
        }
    }

    private static void WriteService(ExplainedService service, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine($"Service        {service.Name}");
        output.WriteLine($"Way in         {service.Way} {service.Listener}, traffic policy {service.Policy}");
        output.WriteLine($"Source ranges  {service.SourceRanges}");
        Write("Scheduler", [$"{service.Scheduler}: {service.SchedulerSummary}", .. service.SchedulerParameters.Select(Describe)], output);
        output.WriteLine($"Affinity       {service.Affinity ?? "none"}");
        Write("Health", service.Health, output);
        Write("Limits", service.Limits, output);
        Write("Datagrams", service.Datagrams, output);
        Write("PROXY protocol", service.ProxyProtocol, output);
        output.WriteLine();
        output.WriteLine("Backends");
        var width = service.Backends.Select(b => b.Address.Length).DefaultIfEmpty().Max();
        foreach (var backend in service.Backends)
        {
            var verdict = backend.Eligible ? "eligible" : "not eligible";
            var reason = backend.Reason is null ? "" : $": {backend.Reason}";
            output.WriteLine($"  {backend.Address.PadRight(width)}  weight {backend.Weight}  {verdict}{reason}");
        }

        if (service.Backends.Count == 0)
        {
            output.WriteLine("  none");
        }

        if (service.Order.Count > 0)
        {
            output.WriteLine();
            output.WriteLine($"Order of attempts ({service.OrderNote})");
            for (var i = 0; i < service.Order.Count; i++)
            {
                output.WriteLine($"  {i + 1}. {service.Order[i]}");
            }
        }
    }

    private static void Write(string label, IReadOnlyList<string> lines, TextWriter output)
    {
        for (var i = 0; i < lines.Count; i++)
        {
            output.WriteLine($"{(i == 0 ? label : ""),-14} {lines[i]}");
        }
    }

    private static string Describe(ExplainedParameter parameter) =>
        $"{parameter.Name}={parameter.Value}{(parameter.IsDefault ? " (default)" : "")}: {parameter.Summary}";
}
