namespace L4Lb.Engine.Datagrams;

internal static class Mut
{
    private static readonly int s_n = int.Parse(Environment.GetEnvironmentVariable("MUT") ?? "0");

    internal static bool Not(int n) => s_n != n;

    internal static bool Is(int n) => s_n == n;
}
