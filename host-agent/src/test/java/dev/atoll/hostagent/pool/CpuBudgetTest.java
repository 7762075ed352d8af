package dev.atoll.hostagent.pool;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CpuBudgetTest {
    private static final long SECOND = 1_000_000_000L;

    @Test
    void itIsKeptOnAverageAndSavesUpForACrowd() {
        // Half of two cores: a second of work a second, four of them saved.
        CpuBudget budget = new CpuBudget(50, 2, 0);
        long now = 0;
        int made = 0;
        while (budget.waitNanos(now) == 0) {
            budget.charge(SECOND / 10);
            made++;
        }
        assertThat(made).isEqualTo(40);
        long wait = budget.waitNanos(now);
        assertThat(wait).isBetween(1L, SECOND / 10);
        now += wait;
        assertThat(budget.waitNanos(now)).isZero();
        int more = 0;
        for (long until = now + 10 * SECOND; now < until; now += Math.max(1, budget.waitNanos(now))) {
            if (budget.waitNanos(now) == 0) {
                budget.charge(SECOND / 10);
                more++;
            }
        }
        assertThat(more).isBetween(99, 102);
    }

    @Test
    void whatIsSavedIsBounded() {
        CpuBudget budget = new CpuBudget(50, 2, 0);
        long later = 1_000 * SECOND;
        assertThat(budget.waitNanos(later)).isZero();
        budget.charge(5 * SECOND);
        assertThat(budget.waitNanos(later)).isBetween(SECOND - 10, SECOND + 10);
    }
}
