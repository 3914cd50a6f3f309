namespace L4Lb.Engine.Scheduling;

/// <summary>Prime numbers, which Maglev's tables need: with any other size a skip might miss slots for ever.</summary>
internal static class Prime
{
    internal static bool Is(int number)
    {
        for (var divisor = 2; (long)divisor * divisor <= number; divisor++)
        {
            if (number % divisor == 0)
            {
                return false;
            }
        }

        return number > 1;
    }

    /// <summary>The least prime that is at least <paramref name="number"/>.</summary>
    internal static int AtLeast(int number)
    {
        while (!Is(number))
        {
            number++;
        }

        return number;
    }

    /// <summary>The largest prime that is at most <paramref name="number"/>, which must be at least 2.</summary>
    internal static int AtMost(int number)
    {
        while (!Is(number))
        {
            number--;
        }

        return number;
    }
}
